import { describe, expect, test } from "vitest";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { forwardPass } from "../../src/reference/forward-pass.ts";
import { mathOf, referenceLayers } from "../../src/reference/layers.ts";
import type { BlockSize } from "../../src/spec/layer-specs.ts";
import { outputSize } from "../../src/spec/layers.ts";
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

    test.each([
      // TensorFlow's tutorial, and odd numbers of channels.
      ["conv:16/2,conv:8/2,up:8,up:16", [28, 28], 9, { output: "sigmoid", channels: 1 }],
      ["conv:5/2,conv:3,up:6", [6, 10], 7, { output: "linear", channels: 3 }],
      ["conv:5/2,conv:3,up:6", [6, 10], 2, { output: "residual", channels: 3 }],
    ] as const)("convolutions %s, %s pixels, %i images, %o", async (hidden, image, count, options) => {
      const network = autoencoder(image, hidden, options);
      const layers = initialWeights(autoencoder(image, hidden, { channels: options.channels }), 1, "torch");
      const images = new MadeNumbers("convolutions").floats(count * imageValues(network), 0, 1);
      const reference = referenceLayers(network, layers);
      const { depth, size } = requireCode(network);
      const through = (span: { first?: number; end?: number }, x: ArrayLike<number>) =>
        forwardPass(network, reference, Float64Array.from(x), span);

      const denoiser = await Denoiser.create(device(), { network, layers }, 4);
      const codeLayer = network.layers[depth - 1];
      if (!codeLayer) throw new Error("The network has a layer before its code.");
      const codes = await denoiser.encode(images);
      expect(codes.length).toBe(count * size);
      const expected = through({ end: depth }, images);
      expectClose(codes, channelsFirst(expected, outputSize(codeLayer)));
      // Otherwise it could be all zeros.
      expect(codes.filter((value) => value > 0.01).length).toBeGreaterThan(codes.length / 8);
      if (network.output === "residual") {
        await expect(denoiser.decode(codes)).rejects.toThrow("A residual network cannot decode a code");
      } else {
        // Decoding follows other images in the same memory.
        await denoiser.denoise(images.map((value) => 1 - value));
        expectClose(await denoiser.decode(codes), through({ first: depth }, expected));
        await expect(denoiser.decode(codes.subarray(1))).rejects.toThrow(`rows of ${size} numbers`);
      }
      expectClose(await denoiser.denoise(images), through({}, images));
      denoiser.destroy();
    });

    test("the outputs of convolutions for one image are those of the reference, layer by layer", async () => {
      const network = autoencoder([8, 12], "conv:5/2,conv:3,up:6", { output: "residual", channels: 3 });
      const layers = initialWeights(
        autoencoder([8, 12], "conv:5/2,conv:3,up:6", { channels: 3 }),
        1,
        "torch",
      );
      const denoiser = await Denoiser.create(device(), { network, layers }, 3);
      const image = new MadeNumbers("outputs").floats(imageValues(network), 0, 1);
      await denoiser.denoise(new MadeNumbers("others").floats(9 * imageValues(network), 0, 1));
      const outputs = await denoiser.layerOutputs(image, (output, layer) => ({ output, layer }));
      expect(outputs.map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
      // The last layer without its output function.
      const reference = referenceLayers(network, layers).map((layer) =>
        layer.activation === "residual" ? { ...layer, activation: "linear" as const } : layer,
      );
      outputs.forEach(({ output, layer }) => {
        const spec = network.layers[layer];
        if (!spec) throw new Error("The network has that layer.");
        const values = forwardPass({ ...network, output: "linear" }, reference, Float64Array.from(image), {
          end: layer + 1,
        });
        expectClose(output, channelsFirst(values, outputSize(spec)));
      });
      await expect(denoiser.layerOutputs(image.subarray(1), () => 0)).rejects.toThrow(
        "The network takes an image of 288 numbers, but it was given 287 numbers.",
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

/** Images [count, rows, columns, channels] as [count, channels, rows, columns]. */
function channelsFirst(values: Float64Array, { rows, columns, channels }: BlockSize): Float64Array {
  const moved = new Float64Array(values.length);
  const pixels = rows * columns;
  values.forEach((value, place) => {
    const [pixel, channel] = [Math.floor(place / channels), place % channels];
    moved[(Math.floor(pixel / pixels) * channels + channel) * pixels + (pixel % pixels)] = value;
  });
  return moved;
}

function expectClose(got: Float32Array, want: Float64Array): void {
  expect(got.length).toBe(want.length);
  const worst = got.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
  expect(worst).toBeLessThan(1e-6);
}
