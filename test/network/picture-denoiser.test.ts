import { describe, expect, test } from "vitest";
import { type Picture, type PictureSize, rowsOf } from "../../src/data/picture.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { PictureDenoiser, type PictureDenoiserOptions } from "../../src/network/picture-denoiser.ts";
import { denseForward } from "../../src/reference/dense-forward.ts";
import { denseLayers } from "../../src/reference/dense-layer.ts";
import { autoencoder, layersOf, type Model, type NetworkOptions } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { useGpu } from "../support/open-gpu.ts";

function made(rows: number, columns: number, channels: number): Picture {
  const values = new MadeNumbers(`picture ${rows} ${columns}`).floats(rows * columns * channels, 0, 1);
  return { rows, columns, channels, values };
}

function model(image: readonly [number, number], options: NetworkOptions, hidden = [6, 5]): Model {
  const network = autoencoder(image, hidden, options);
  return { network, layers: initialWeights(network, 3) };
}

/** The same network with all weights 0. */
function blank({ network, layers }: Model): Model {
  return { network, layers: layers.map(({ weight, bias }) => ({ weight: weight.map(() => 0), bias })) };
}

/** Grey values of a picture, or one channel of it. */
function plane({ channels, values }: Picture, channel: number): number[] {
  return Array.from(values).filter((_, index) => index % channels === channel);
}

/** Where windows start: at multiples of the stride, and one that ends with the picture. */
function starts(length: number, window: number, stride: number): number[] {
  const found = [];
  for (let start = 0; start + window < length; start += stride) found.push(start);
  return [...found, length - window];
}

/** What a network makes of one window, in float64. */
function denoisedWindow({ network, layers }: Model, window: readonly number[]): Float64Array {
  const specs = layersOf(network);
  return denseLayers(network, layers).reduce<Float64Array>(
    (x, layer, index) => denseForward(layer, x, specs[index]?.activation ?? "linear", window),
    Float64Array.from(window),
  );
}

type Weight = (place: number, side: number) => number;
const weights: Readonly<Record<"uniform" | "gaussian", Weight>> = {
  uniform: () => 1,
  gaussian: (place, side) => Math.exp(-((place - (side - 1) / 2) ** 2) / (2 * (side / 4) ** 2)),
};

/** The weighted mean of all windows, in float64, of a picture as the network wants it. */
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

/** Every layer and every window adds its roundings; outputs lie around 1. */
const tolerance = 2e-6;

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const worst = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs((found[index] ?? Number.NaN) - value)),
    0,
  );
  expect(worst).toBeLessThan(tolerance);
}

describe("a picture denoised by windows", () => {
  const gpu = useGpu();
  const run = async (model: Model, picture: Picture, options: PictureDenoiserOptions) => {
    const denoiser = await PictureDenoiser.create(gpu(), model, options);
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
  ] as const)("%s by windows of %s, %o, %o", async (size, image, network, options) => {
    const picture = made(size[0], size[1], size[2]);
    const used = model(image, network);
    const found = await run(used, picture, { ...options, batch: 7, bandBytes: 1000 });
    expect(found).toMatchObject({
      rows: picture.rows,
      columns: picture.columns,
      channels: picture.channels,
    });
    expectClose(found.values, denoised(used, picture, options.stride, weights[options.weighting]));
  });

  test("a grey network denoises the channels of a colour picture one by one", async () => {
    const used = model([4, 3], { output: "residual" });
    const picture = made(11, 13, 3);
    const found = await run(used, picture, { stride: 2, batch: 5, bandBytes: 800 });
    for (const channel of [0, 1, 2]) {
      const grey = { rows: 11, columns: 13, values: plane(picture, channel) };
      expectClose(plane(found, channel), denoised(used, grey, 2, weights.gaussian));
    }
  });

  test("a colour network gets a grey picture three times, and its mean counts", async () => {
    const used = model([4, 3], { output: "residual", channels: 3 });
    const picture = made(11, 13, 1);
    const found = await run(used, picture, { stride: 2 });
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
  ])("%i x %i pixels, fewer than a window, are mirrored up to it", async (rows, columns, channels) => {
    const used = model([5, 6], { output: "sigmoid" });
    const picture = made(rows, columns, channels);
    const found = await run(used, picture, { stride: 2, bandBytes: 100 });
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
  });

  test("batches and bands of any size give the same bits", async () => {
    for (const used of [
      model([9, 8], { output: "residual" }, [70]),
      model([5, 5], { output: "sigmoid", channels: 3 }),
    ]) {
      const picture = made(41, 37, 3);
      const [first, ...others] = await Promise.all(
        [
          { batch: 4096 },
          { batch: 1, bandBytes: 1 },
          { batch: 33, bandBytes: 9000 },
          { batch: 100, bandBytes: 15_000 },
          { batch: 4096, bandBytes: 1 },
        ].map((sizes) => run(used, picture, { stride: 3, ...sizes })),
      );
      for (const other of others) expect(other).toEqual(first);
    }
  });

  test("a network that finds no noise gives the picture back", async () => {
    const dyadic = made(31, 29, 1);
    dyadic.values.forEach((value, index) => {
      dyadic.values[index] = Math.round(256 * value) / 256;
    });
    const used = blank(model([7, 5], { output: "residual" }));
    for (const stride of [1, 2, 5]) {
      // Sums of 256ths are exact, and so is their mean.
      const exact = await run(used, dyadic, { stride, weighting: "uniform", bandBytes: 1 });
      expect(exact.values).toEqual(dyadic.values);
      const picture = made(31, 29, 1);
      for (const weighting of ["uniform", "gaussian"] as const) {
        expectClose((await run(used, picture, { stride, weighting })).values, [...picture.values]);
      }
    }
  });

  test("the rows of a picture are read once they are needed, given out in order, and never read again", async () => {
    const picture = made(120, 10, 1);
    const denoiser = await PictureDenoiser.create(gpu(), model([6, 6], {}), { stride: 4, bandBytes: 800 });
    const expected = await denoiser.denoisePicture(picture);
    // In place, as a program does that has no room for two pictures.
    const place = { ...picture, values: picture.values.slice() };
    let given = 0;
    let ahead = 0;
    const source = {
      ...rowsOf(place),
      read: (first: number, end: number) => {
        expect(first).toBeGreaterThanOrEqual(given);
        ahead = Math.max(ahead, end - given);
        return rowsOf(place).read(first, end);
      },
    };
    await denoiser.denoise(source, (first, values) => {
      expect(first).toBe(given);
      given += values.length / 10;
      place.values.set(values, first * 10);
    });
    expect(given).toBe(120);
    // A band of 800 bytes is 20 rows; one is read while another is given out.
    expect(ahead).toBeLessThanOrEqual(40);
    expect(place.values).toEqual(expected.values);
    denoiser.destroy();
  });

  test("progress counts every window; aborting ends the work with the signal's reason", async () => {
    const denoiser = await PictureDenoiser.create(gpu(), model([4, 4], {}), { stride: 2, batch: 10 });
    const picture = made(30, 31, 1);
    const told: number[] = [];
    await denoiser.denoisePicture(picture, {
      onProgress: (done, total) => {
        expect(total).toBe(14 * 15);
        told.push(done);
      },
    });
    expect(told).toEqual(Array.from({ length: 21 }, (_, index) => 10 * (index + 1)));

    const controller = new AbortController();
    const reason = new Error("enough");
    let before = 0;
    const ended = denoiser.denoisePicture(picture, {
      signal: controller.signal,
      onProgress: (done) => {
        before = done;
        controller.abort(reason);
      },
    });
    await expect(ended).rejects.toBe(reason);
    expect(before).toBeLessThanOrEqual(40);
    await expect(denoiser.denoisePicture(picture, { signal: controller.signal })).rejects.toBe(reason);
    // What was ended leaves nothing behind that disturbs.
    expect(await denoiser.denoisePicture(picture)).toEqual(await denoiser.denoisePicture(picture));
    denoiser.destroy();
  });

  test("faults of the source and the sink come out, and pictures side by side do not mix", async () => {
    const denoiser = await PictureDenoiser.create(gpu(), model([4, 4], {}), { bandBytes: 1 });
    const [one, two] = [made(15, 9, 1), made(22, 30, 3)];
    const fault = new Error("the disk is full");
    const fails = () => {
      throw fault;
    };
    await expect(denoiser.denoise(rowsOf(one), fails)).rejects.toBe(fault);
    await expect(denoiser.denoise({ ...rowsOf(one), read: fails }, () => {})).rejects.toBe(fault);
    const alone = [await denoiser.denoisePicture(one), await denoiser.denoisePicture(two)];
    expect(await Promise.all([denoiser.denoisePicture(one), denoiser.denoisePicture(two)])).toEqual(alone);
    denoiser.destroy();
  });

  test("what cannot be done is refused in one sentence", async () => {
    const used = model([4, 6], {});
    for (const stride of [0, 5, 1.5]) {
      await expect(PictureDenoiser.create(gpu(), used, { stride })).rejects.toThrow(
        `The stride of windows of 4 x 6 pixels must be a whole number from 1 to 4, but it is ${stride}.`,
      );
    }
    await expect(PictureDenoiser.create(gpu(), used, { batch: 0 })).rejects.toThrow("The batch of windows");
    const denoiser = await PictureDenoiser.create(gpu(), used, { stride: 1 });
    const unread = (size: PictureSize) => denoiser.denoise({ ...size, read: () => expect.fail() }, () => {});
    await expect(unread({ rows: 9, columns: 9, channels: 2 })).rejects.toThrow("this one has 2.");
    await expect(unread({ rows: 0, columns: 9, channels: 1 })).rejects.toThrow("no pixels");
    await expect(unread({ rows: 2 ** 17, columns: 2 ** 16, channels: 1 })).rejects.toThrow(
      /^\d+ windows, 1 pixels apart, cover the picture, but at most 4294967296 can be denoised\.$/,
    );
    const { maxStorageBufferBindingSize, maxBufferSize } = gpu().device.limits;
    const columns = Math.min(maxStorageBufferBindingSize, maxBufferSize) / 16 + 4;
    await expect(unread({ rows: 4, columns, channels: 1 })).rejects.toThrow(
      /^The buffer "picture" needs \d+ MB, but the adapter .* allows \d+ MB a buffer\.$/,
    );
    denoiser.destroy();
  });

  test("six megapixels take no more memory on the device than their bands", async () => {
    const sizes: number[] = [];
    const { device } = gpu();
    const create = device.createBuffer;
    device.createBuffer = (descriptor) => {
      sizes.push(descriptor.size);
      return create.call(device, descriptor);
    };
    try {
      const used = blank(model([8, 8], { output: "residual", channels: 3 }, [4]));
      const denoiser = await PictureDenoiser.create(gpu(), used, { stride: 8, weighting: "uniform" });
      const size = { rows: 2000, columns: 3000, channels: 3 };
      const row = new MadeNumbers("a row").floats(9000, 0, 1);
      let given = 0;
      let largest = 0;
      let wrong = 0;
      const read = (first: number, end: number) => {
        const values = new Float32Array((end - first) * row.length);
        for (let at = 0; at < end - first; at++) {
          values.set(
            row.map((value) => value / (first + at + 1)),
            at * row.length,
          );
        }
        return values;
      };
      await denoiser.denoise({ ...size, read }, (first, values) => {
        given += values.length;
        largest = Math.max(largest, values.length);
        // 2000 and 3000 are multiples of 8: no window overlaps another, so nothing is rounded.
        const expected = read(first, first + values.length / row.length);
        wrong += expected.filter((value, index) => value !== values[index]).length;
      });
      expect({ given, wrong }).toEqual({ given: 2000 * 3000 * 3, wrong: 0 });
      expect(4 * largest).toBeLessThanOrEqual(2 ** 24);
      // The picture alone is 72 MB of float32; four buffers of a band, the activations and the weights.
      expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(4 * 2 ** 24 + 2 ** 25 + 2 ** 16);
      denoiser.destroy();
    } finally {
      device.createBuffer = create;
    }
  });
});
