import { describe, expect, test } from "vitest";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { autoencoder, imageValues } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { useCpu } from "../support/open-cpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { madePicture, smallModel } from "./picture-fixture.ts";

/** Both add several dozen products of numbers around 1 in float32, in each layer and in different orders. */
const tolerance = 2e-6;

function expectClose(got: Float32Array, want: Float32Array): void {
  expect(got.length).toBe(want.length);
  const off = got.map((value, index) => Math.abs(value - (want[index] ?? Number.NaN)));
  expect(Math.max(...off)).toBeLessThan(tolerance);
}

describe("a network gives the same results on the CPU and on the GPU", () => {
  const [cpu, gpu] = [useCpu(), useGpu()];

  test.each([
    [[5, 7], [6, 1, 6], 11, { output: "sigmoid", channels: 1 }],
    [[4, 4], [8], 300, { output: "linear", channels: 3 }],
    [[3, 5], [7], 130, { output: "residual", channels: 3 }],
  ] as const)("%s pixels, hidden %s, %i images, %o", async (image, hidden, count, options) => {
    const network = autoencoder(image, hidden, options);
    // Random weights as for a sigmoid: a residual network would start with zeros.
    const layers = initialWeights(autoencoder(image, hidden, { channels: options.channels }), 1);
    const images = new MadeNumbers("both devices").floats(count * imageValues(network), 0, 1);
    const [onCpu, onGpu] = [
      await Denoiser.create(cpu(), { network, layers }),
      await Denoiser.create(gpu(), { network, layers }),
    ];
    expectClose(await onCpu.denoise(images), await onGpu.denoise(images));
    const codes = await onGpu.encode(images);
    expectClose(await onCpu.encode(images), codes);
    if (network.output !== "residual") expectClose(await onCpu.decode(codes), await onGpu.decode(codes));
    onCpu.destroy();
    onGpu.destroy();
  });

  test.each([
    [[40, 21, 1], [6, 9], { output: "linear" }, { stride: 6, weighting: "gaussian", bandBytes: 4000 }],
    // A colour picture channel by channel, a grey picture in a colour network, and a picture smaller than a window.
    [[12, 9, 3], [4, 4], { output: "residual" }, { bandBytes: 2000 }],
    [[9, 31, 1], [4, 4], { output: "sigmoid", channels: 3 }, {}],
    [[3, 10, 1], [5, 5], { output: "linear" }, {}],
  ] as const)("a picture of %s in windows of %s, %o, %o", async (size, image, network, options) => {
    const picture = madePicture(size[0], size[1], size[2]);
    const used = smallModel(image, network);
    const onCpu = await PictureDenoiser.create(cpu(), used, options);
    const onGpu = await PictureDenoiser.create(gpu(), used, { ...options, family: "tile8" });
    const [got, want] = [await onCpu.denoisePicture(picture), await onGpu.denoisePicture(picture)];
    expect({ ...got, values: undefined }).toEqual({ ...want, values: undefined });
    expectClose(got.values, want.values);
    onCpu.destroy();
    onGpu.destroy();
  });
});
