import { describe, expect, test } from "vitest";
import type { Picture } from "../../src/data/picture.ts";
import { PictureDenoiser, type PictureDenoiserOptions } from "../../src/network/picture-denoiser.ts";
import { mathOf, referenceLayers } from "../../src/reference/layers.ts";
import type { Model } from "../../src/spec/network.ts";
import type { UseDevice } from "../support/use-device.ts";
import { blank, madePicture, smallModel } from "./picture-fixture.ts";

/** The grey values of a picture, or of one channel. */
function plane({ channels, values }: Picture, channel: number): number[] {
  return Array.from(values).filter((_, index) => index % channels === channel);
}

/** The starts of windows: multiples of the stride, and one start aligned to the picture's end. */
function starts(length: number, window: number, stride: number): number[] {
  const found = [];
  for (let start = 0; start + window < length; start += stride) found.push(start);
  return [...found, length - window];
}

/** A network's output for one window, in float64. */
function denoisedWindow({ network, layers }: Model, window: readonly number[]): Float64Array {
  return referenceLayers(network, layers).reduce<Float64Array>(
    (x, layer) => mathOf(layer).forward(layer, x, layer.activation, Float64Array.from(window)),
    Float64Array.from(window),
  );
}

type Weight = (place: number, side: number) => number;
const weights: Readonly<Record<"uniform" | "gaussian", Weight>> = {
  uniform: () => 1,
  gaussian: (place, side) => Math.exp(-((place - (side - 1) / 2) ** 2) / (2 * (side / 4) ** 2)),
};

/** The weighted mean of all windows, in float64, of a picture in the network's format. */
function denoised(
  model: Model,
  { rows, columns, values }: { rows: number; columns: number; values: ArrayLike<number> },
  stride: number,
  weight: Weight,
): number[] {
  const { image, channels } = model.network;
  const [height, width] = image;
  const sums = new Float64Array(values.length);
  const covered = new Float64Array(values.length);
  for (const top of starts(rows, height, stride)) {
    for (const left of starts(columns, width, stride)) {
      const places: { index: number; weight: number }[] = [];
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          for (let channel = 0; channel < channels; channel++) {
            const index = ((top + row) * columns + left + column) * channels + channel;
            places.push({ index, weight: weight(row, height) * weight(column, width) });
          }
        }
      }
      const output = denoisedWindow(
        model,
        places.map(({ index }) => values[index] ?? Number.NaN),
      );
      places.forEach(({ index, weight }, place) => {
        sums[index] = (sums[index] ?? 0) + weight * (output[place] ?? Number.NaN);
        covered[index] = (covered[index] ?? 0) + weight;
      });
    }
  }
  return Array.from(sums, (sum, index) => sum / (covered[index] ?? 0));
}

/** Every layer and every window adds rounding errors; outputs are around 1. */
const tolerance = 2e-6;

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const worst = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs((found[index] ?? Number.NaN) - value)),
    0,
  );
  expect(worst).toBeLessThan(tolerance);
}

export const describePictureDenoiser = (useDevice: UseDevice) =>
  describe("a picture denoised in windows", () => {
    const device = useDevice();
    const run = async (model: Model, picture: Picture, options: PictureDenoiserOptions) => {
      const denoiser = await PictureDenoiser.create(device(), model, options);
      try {
        return await denoiser.denoisePicture(picture);
      } finally {
        denoiser.destroy();
      }
    };

    test.each([
      [[5, 7, 1], [5, 7], { output: "sigmoid" }, { stride: 3, weighting: "gaussian" }],
      [[19, 23, 1], [5, 5], { output: "residual" }, { stride: 1, weighting: "gaussian" }],
      [[19, 23, 1], [5, 5], { output: "residual" }, { stride: 3, weighting: "uniform" }],
      [[40, 21, 1], [6, 9], { output: "linear" }, { stride: 6, weighting: "gaussian" }],
      [[17, 18, 3], [4, 5], { output: "residual", channels: 3 }, { stride: 2, weighting: "gaussian" }],
      [[9, 31, 3], [4, 4], { output: "sigmoid", channels: 3 }, { stride: 4, weighting: "uniform" }],
    ] as const)("%s in windows of %s, %o, %o", async (size, image, network, options) => {
      const picture = madePicture(size[0], size[1], size[2]);
      const used = smallModel(image, network);
      const found = await run(used, picture, { ...options, batch: 7, bandBytes: 1000, family: "tile8" });
      expect(found).toMatchObject({
        rows: picture.rows,
        columns: picture.columns,
        channels: picture.channels,
      });
      expectClose(found.values, denoised(used, picture, options.stride, weights[options.weighting]));
    });

    test("a grey network denoises each channel of a colour picture separately", async () => {
      const used = smallModel([4, 3], { output: "residual" });
      const picture = madePicture(11, 13, 3);
      const found = await run(used, picture, { stride: 2, batch: 5, bandBytes: 800, family: "tile8" });
      for (const channel of [0, 1, 2]) {
        const grey = { rows: 11, columns: 13, values: plane(picture, channel) };
        expectClose(plane(found, channel), denoised(used, grey, 2, weights.gaussian));
      }
    });

    test("a colour network gets a grey picture in all three channels, and its outputs are averaged", async () => {
      const used = smallModel([4, 3], { output: "residual", channels: 3 });
      const picture = madePicture(11, 13, 1);
      const found = await run(used, picture, { stride: 2, family: "tile8" });
      const values = Array.from(picture.values).flatMap((value) => [value, value, value]);
      const colour = denoised(used, { ...picture, values }, 2, weights.gaussian);
      const means = Array.from(picture.values, (_, index) => {
        const [r = 0, g = 0, b = 0] = colour.slice(3 * index, 3 * index + 3);
        return (r + g + b) / 3;
      });
      expectClose(found.values, means);
    });

    test.each([
      [1, 1, 1],
      [2, 3, 1],
      [1, 12, 3],
      [13, 2, 1],
    ])(
      "a picture of %i x %i pixels, smaller than a window, is mirrored up to its size",
      async (rows, columns, channels) => {
        const used = smallModel([5, 6], { output: "sigmoid" });
        const picture = madePicture(rows, columns, channels);
        const found = await run(used, picture, { stride: 2, bandBytes: 100, family: "tile8" });
        const height = Math.max(5, rows);
        const width = Math.max(6, columns);
        // a b c | c b a | a b c
        const mirrored = (index: number, length: number) => {
          const there = index % (2 * length);
          return there < length ? there : 2 * length - 1 - there;
        };
        for (let channel = 0; channel < channels; channel++) {
          const before = plane(picture, channel);
          const values = Array.from({ length: height * width }, (_, index) => {
            const row = mirrored(Math.floor(index / width), rows);
            return before[row * columns + mirrored(index % width, columns)] ?? Number.NaN;
          });
          const enlarged = denoised(used, { rows: height, columns: width, values }, 2, weights.gaussian);
          const expected = enlarged.filter(
            (_, index) => index % width < columns && Math.floor(index / width) < rows,
          );
          expectClose(plane(found, channel), expected);
        }
      },
    );

    test("batches and bands of any size give the same bits", async () => {
      for (const used of [
        smallModel([9, 8], { output: "residual" }, [70]),
        smallModel([5, 5], { output: "sigmoid", channels: 3 }),
      ]) {
        const picture = madePicture(25, 21, 3);
        const [first, ...others] = await Promise.all(
          [
            { batch: 4096 },
            { batch: 1, bandBytes: 1 },
            { batch: 33, bandBytes: 5000 },
            { batch: 50, bandBytes: 8000 },
            { batch: 4096, bandBytes: 1 },
          ].map((sizes) => run(used, picture, { stride: 3, ...sizes })),
        );
        for (const other of others) expect(other).toEqual(first);
      }
    });

    test("a network that removes nothing returns the picture unchanged", async () => {
      const dyadic = madePicture(31, 29, 1);
      dyadic.values.forEach((value, index) => {
        dyadic.values[index] = Math.round(256 * value) / 256;
      });
      const used = blank(smallModel([7, 5], { output: "residual" }));
      for (const stride of [1, 2, 5]) {
        // Sums of 256ths are exact, and so are their means.
        const exact = await run(used, dyadic, { stride, weighting: "uniform", bandBytes: 1 });
        expect(exact.values).toEqual(dyadic.values);
        const picture = madePicture(31, 29, 1);
        for (const weighting of ["uniform", "gaussian"] as const) {
          expectClose((await run(used, picture, { stride, weighting })).values, [...picture.values]);
        }
      }
    });
  });
