import { beforeAll, describe, expect, test } from "vitest";
import { Buffers } from "../../src/device/buffers.ts";
import { readBack } from "../../src/device/read-back.ts";
import { corruptBatch, windowUniform } from "../../src/kernels/corrupt.ts";
import { noiseConstants, noiseUniform } from "../../src/kernels/noise-stages.ts";
import { cursorStorage, sweepUniform } from "../../src/kernels/sweep.ts";
import { quads, unpadRows } from "../../src/math/layout.ts";
import { streams } from "../../src/math/streams.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import type { UseDevice } from "../support/use-device.ts";

const count = 512;
const pixels = 784;

/** Tests of the noise that a device draws. */
export const describeNoise = (useDevice: UseDevice) =>
  describe("Gaussian noise is standard normal", () => {
    const device = useDevice();
    let noise: Float32Array<ArrayBuffer>;
    let nextEpoch: Float32Array;
    let validation: Float32Array;

    /** Noise of factor 1/16 on images of grey 128 is never clipped, so the added noise can be computed exactly. */
    const draw = async (noiseStream: 3 | 4, epoch: number) => {
      const buffers = new Buffers(device());
      const sweep = { count, batch: count, pixels, seed: 1, noiseStream, epoch };
      const grey = buffers.storageOf("clean", new Uint8Array(count * pixels).fill(128));
      const spec = parseNoise("gaussian:0.0625");
      const activations = buffers.storage("activations", 16 * count * quads(pixels));
      const resources = {
        sweep: buffers.uniformOf("sweep", sweepUniform(sweep)),
        window: buffers.uniformOf("window", windowUniform(false, 0)),
        noise: buffers.uniformOf("noise", noiseUniform(spec, [28, 28], 1)),
        order: buffers.storageOf(
          "order",
          Uint32Array.from({ length: count }, (_, image) => image),
        ),
        noisy: grey,
        clean: grey,
        cursor: buffers.storageOf("cursor", cursorStorage(0)),
        activations,
        cleanBatch: buffers.storage("cleanBatch", count * pixels),
      };
      const pipeline = await device().pipeline(corruptBatch, noiseConstants(spec));
      device().submit([pipeline.bind(resources, [quads(pixels), count])]);
      const [bytes] = await readBack(device(), [{ buffer: activations, bytes: 16 * count * quads(pixels) }]);
      buffers.destroy();
      return unpadRows(new Float32Array(bytes), count, pixels).map((value) => 16 * (value - 128 / 255));
    };

    beforeAll(async () => {
      noise = await draw(streams.trainingNoise, 0);
      nextEpoch = await draw(streams.trainingNoise, 1);
      validation = await draw(streams.validationNoise, 0);
    });

    const n = count * pixels;
    const mean = (values: Float32Array, of: (value: number, index: number) => number) => {
      let sum = 0;
      values.forEach((value, index) => {
        sum += of(value, index);
      });
      return sum / values.length;
    };
    /** Four standard deviations of the mean of n draws with the given variance. */
    const bound = (variance: number) => 4 * Math.sqrt(variance / n);

    test("in mean, variance, skewness and kurtosis", () => {
      expect(Math.abs(mean(noise, (z) => z))).toBeLessThan(bound(1));
      expect(Math.abs(mean(noise, (z) => z ** 2) - 1)).toBeLessThan(bound(2));
      expect(Math.abs(mean(noise, (z) => z ** 3))).toBeLessThan(bound(15));
      expect(Math.abs(mean(noise, (z) => z ** 4) - 3)).toBeLessThan(bound(96));
    });

    // The two-sided tails of the normal distribution.
    test.each([
      [1, 0.3173105],
      [2, 0.0455003],
      [3, 0.0026998],
      [4, 0.0000633],
    ])("in the share beyond %i standard deviations", (limit, share) => {
      const beyond = mean(noise, (z) => (Math.abs(z) > limit ? 1 : 0));
      expect(Math.abs(beyond - share)).toBeLessThan(bound(share * (1 - share)));
    });

    test.each([
      ["the next pixel", 1],
      ["the second next pixel, from the same draw", 2],
      ["the third next pixel", 3],
      ["the next draw", 4],
      ["the pixel below", 28],
      ["the next image", pixels],
    ])("and independent of %s", (_what, distance) => {
      expect(Math.abs(mean(noise, (z, index) => z * (noise[(index + distance) % n] ?? 0)))).toBeLessThan(
        bound(1),
      );
      // The magnitudes are uncorrelated too.
      const sizes = mean(noise, (z, index) => (z ** 2 - 1) * ((noise[(index + distance) % n] ?? 0) ** 2 - 1));
      expect(Math.abs(sizes)).toBeLessThan(bound(4));
    });

    test("and independent of the next epoch's and the validation's noise", () => {
      expect(Math.abs(mean(noise, (z, index) => z * (nextEpoch[index] ?? 0)))).toBeLessThan(bound(1));
      expect(Math.abs(mean(noise, (z, index) => z * (validation[index] ?? 0)))).toBeLessThan(bound(1));
    });

    test("and the same when it is drawn again", async () => {
      const again = await draw(streams.trainingNoise, 0);
      expect(Buffer.compare(Buffer.from(again.buffer), Buffer.from(noise.buffer))).toBe(0);
    });
  });
