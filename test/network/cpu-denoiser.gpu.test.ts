import { describe, expect, test } from "vitest";
import { CpuDenoiser } from "../../src/network/cpu-denoiser.ts";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { autoencoder, imageValues } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { useGpu } from "../support/open-gpu.ts";

/** The device adds up some dozens of products of numbers around 1 in float32, layer after layer. */
const tolerance = 2e-6;

function expectClose(got: Float32Array, want: Float32Array): void {
  expect(got.length).toBe(want.length);
  const off = got.map((value, index) => Math.abs(value - (want[index] ?? Number.NaN)));
  expect(Math.max(...off)).toBeLessThan(tolerance);
}

describe("a denoiser on the CPU gives what the one on the GPU gives", () => {
  const gpu = useGpu();

  test.each([
    [[5, 7], [6, 1, 6], 11, { output: "sigmoid", channels: 1 }],
    [[4, 4], [8], 300, { output: "linear", channels: 3 }],
    [[3, 3], [2, 5, 4], 1, { output: "residual", channels: 1 }],
    [[3, 5], [7], 130, { output: "residual", channels: 3 }],
  ] as const)("%s pixels, hidden %s, %i images, %o", async (image, hidden, count, options) => {
    const network = autoencoder(image, hidden, options);
    // As random as a sigmoid's: a residual network would start with zeros.
    const layers = initialWeights(autoencoder(image, hidden, { channels: options.channels }), 1);
    const images = new MadeNumbers("cpu denoiser").floats(count * imageValues(network), 0, 1);
    const device = await Denoiser.create(gpu(), { network, layers });
    const cpu = await CpuDenoiser.create({ network, layers });
    expectClose(await cpu.denoise(images), await device.denoise(images));
    const codes = await device.encode(images);
    expectClose(await cpu.encode(images), codes);
    if (network.output === "residual") {
      await expect(cpu.decode(codes)).rejects.toThrow("A residual network cannot decode a code");
    } else {
      expectClose(await cpu.decode(codes), await device.decode(codes));
    }
    await expect(cpu.denoise(images.subarray(1))).rejects.toThrow(`rows of ${imageValues(network)} numbers`);
    device.destroy();
    cpu.destroy();
  });

  test("says what is too large for the CPU", async () => {
    const network = autoencoder([100, 100], [10_000]);
    await expect(CpuDenoiser.create({ network, layers: [] })).rejects.toThrow(
      "The network 10000-10000-10000 has 200020000 weights, but the CPU takes at most 33554432",
    );
  });
});
