import { describe, expect, test } from "vitest";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { mathOf, referenceLayers } from "../../src/reference/layers.ts";
import { autoencoder, imageValues, requireCode } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { UseDevice } from "../support/use-device.ts";

export const describeDenoiser = (useDevice: UseDevice) =>
  describe("a denoiser follows the reference", () => {
    const device = useDevice();

    test.each([
      [[5, 7], [6, 1, 6], 11, { output: "sigmoid", channels: 1 }],
      [[4, 4], [8], 9, { output: "linear", channels: 3 }],
      [[3, 3], [2, 5, 4], 1, { output: "residual", channels: 1 }],
      [[3, 5], [7], 10, { output: "residual", channels: 3 }],
    ] as const)("%s pixels, hidden %s, %i images, %o", async (image, hidden, count, options) => {
      const network = autoencoder(image, hidden, options);
      // Random weights as for a sigmoid: a residual network would start with zeros.
      const layers = initialWeights(autoencoder(image, hidden, { channels: options.channels }), 1);
      const images = new MadeNumbers("denoiser").floats(count * imageValues(network), 0, 1);
      const reference = (values: ArrayLike<number>, first: number, end: number) =>
        referenceLayers(network, layers)
          .slice(first, end)
          .reduce<Float64Array>(
            (x, layer) => mathOf(layer).forward(layer, x, layer.activation, Float64Array.from(values)),
            Float64Array.from(values),
          );

      // A batch of 4 gives several slices, and the last one is short.
      const denoiser = await Denoiser.create(device(), { network, layers }, 4);
      const { depth, size } = requireCode(network);
      const codes = await denoiser.encode(images);
      expectClose(codes, reference(images, 0, depth));
      if (network.output === "residual") {
        await expect(denoiser.decode(codes)).rejects.toThrow("A residual network cannot decode a code");
      } else {
        expectClose(await denoiser.decode(codes), reference(codes, depth, layers.length));
      }
      expectClose(await denoiser.denoise(images), reference(images, 0, layers.length));
      expect(codes.length).toBe(count * size);
      await expect(denoiser.denoise(images.subarray(1))).rejects.toThrow(
        `rows of ${imageValues(network)} numbers`,
      );
      denoiser.destroy();
    });

    test("concurrent calls, and a stream that is ended early, do not affect each other", async () => {
      const network = autoencoder([3, 3], [4]);
      const denoiser = await Denoiser.create(device(), { network, layers: initialWeights(network, 2) }, 4);
      const [one, two] = ["one", "two"].map((name) => new MadeNumbers(name).floats(50 * 9, 0, 1));
      if (!one || !two) throw new Error("There are two sets of images.");
      const alone = [await denoiser.denoise(one), await denoiser.encode(two)];
      for await (const _ of denoiser.denoiseStream([
        one.subarray(0, 36),
        two.subarray(0, 36),
        two.subarray(0, 9),
      ]))
        break;
      expect(await Promise.all([denoiser.denoise(one), denoiser.encode(two)])).toEqual(alone);
      const tooLong = denoiser.denoiseStream([one.subarray(0, 45)]);
      await expect(tooLong.next()).rejects.toThrow(
        "A batch must be 1 to 4 rows of 9 numbers, but it has 45 numbers.",
      );
      expect(await denoiser.denoise(one)).toEqual(alone[0]);
      denoiser.destroy();
    });

    test("a stream of batches keeps its order, and its input is read only slightly ahead of its output", async () => {
      const network = autoencoder([3, 3], [4]);
      const denoiser = await Denoiser.create(device(), { network, layers: initialWeights(network, 2) }, 8);
      const images = new MadeNumbers("stream").floats(100 * imageValues(network), 0, 1);
      const size = 8 * imageValues(network);
      let taken = 0;
      let ahead = 0;
      function* batches() {
        for (let start = 0; start < images.length; start += size) {
          taken += 1;
          yield images.subarray(start, start + size);
        }
      }
      const results: number[] = [];
      let given = 0;
      for await (const batch of denoiser.denoiseStream(batches())) {
        given += 1;
        ahead = Math.max(ahead, taken - given);
        results.push(...batch);
      }
      expect(results).toEqual([...(await denoiser.denoise(images))]);
      expect(taken).toBe(13);
      expect(ahead).toBeLessThanOrEqual(3);
      denoiser.destroy();
    });
  });

function expectClose(got: Float32Array, want: Float64Array): void {
  expect(got.length).toBe(want.length);
  const worst = got.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
  expect(worst).toBeLessThan(1e-6);
}
