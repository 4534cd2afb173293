import { readFile } from "node:fs/promises";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { fromBytes } from "../../src/data/pixel-bytes.ts";
import { encodeModel, parseModel } from "../../src/formats/model-file.ts";
import { type DenoisingModel, InputError, loadModel, type RgbaImage } from "../../src/index.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { forwardPass } from "../../src/reference/forward-pass.ts";
import { referenceLayers } from "../../src/reference/layers.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { useCpu } from "../support/open-cpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { blobs } from "../training/run-fixture.ts";
import { rgbaBlobs } from "./images.ts";
import { useStandInEntries } from "./stand-in-entry.ts";

const { gpu: entry } = useStandInEntries()();
const network = autoencoder([6, 5], [9, 4, 9]);
const made = { network, layers: initialWeights(network, 5, "he") };
const bytes = encodeModel(made);
const images = rgbaBlobs("model", 3, 6, 5);
const values = fromBytes(blobs("model", 3, 6, 5).pixels);

const opened: DenoisingModel[] = [];
afterAll(() => {
  for (const one of opened) one.dispose();
});

async function load(...[source, options]: Parameters<typeof loadModel>): Promise<DenoisingModel> {
  const model = await loadModel(source, { gpu: entry, ...options });
  opened.push(model);
  return model;
}

/** The values differ at most by the rounding of float32. */
function expectClose(found: Float32Array, expected: Float32Array | Float64Array): void {
  expect(found).toHaveLength(expected.length);
  const worst = found.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? Number.NaN))),
    0,
  );
  expect(worst).toBeLessThan(1e-6);
}

/** The network's output for images, in float64. */
const inFloat64 = (images: Float32Array) =>
  forwardPass(network, referenceLayers(network, made.layers), Float64Array.from(images));

describe.each(["gpu", "cpu"] as const)("on the %s", (backend) => {
  // The tests of the devices compare pictures with the reference; here each device is compared with the other.
  const other = backend === "gpu" ? useCpu() : useGpu();

  test("denoises, encodes and decodes as float64 does", async () => {
    const model = await load(bytes, { backend });
    expect(model).toMatchObject({ backend, network, codeSize: 4 });
    expectClose(await model.denoise(values), inFloat64(values));
    const codes = await model.encode(values);
    expect(codes.length).toBe(3 * model.codeSize);
    expectClose(await model.decode(codes), inFloat64(values));
    // More rows than the device processes at a time.
    const many = new Float32Array(1100 * 30);
    for (let image = 0; image < 1100; image++) many.set(values.subarray(0, 30), image * 30);
    const denoised = await model.denoise(many);
    expect(denoised.length).toBe(many.length);
    expectClose(denoised.subarray(-30), inFloat64(values.subarray(0, 30)));
  });

  test("encodes and decodes with convolutions as float64 does", async () => {
    const network = autoencoder([8, 4], "conv:3/2,conv:2,up:3");
    const layers = initialWeights(network, 5, "torch");
    const model = await load(encodeModel({ network, layers }), { backend });
    expect(model.codeSize).toBe(4 * 2 * 2);
    const { pixels } = blobs("convolutions", 3, 8, 4);
    const codes = await model.encode(fromBytes(pixels));
    const reference = referenceLayers(network, layers);
    const inFloat64 = forwardPass(network, reference, Float64Array.from(fromBytes(pixels)), { end: 2 });
    // From [rows, columns, channels] to [channels, rows, columns].
    const order = (place: number) => place - (place % 16) + (place % 8) * 2 + (Math.floor(place / 8) % 2);
    expectClose(
      codes,
      Float64Array.from(codes, (_, place) => inFloat64[order(place)] ?? Number.NaN),
    );
    expectClose(await model.decode(codes), forwardPass(network, reference, inFloat64, { first: 2 }));
  });

  test("returns ImageData for ImageData", async () => {
    const model = await load(bytes, { backend });
    const expected = await model.denoise(values);
    const found = await model.denoise(images);
    expect(found.map(({ width, height }) => [width, height])).toEqual([
      [5, 6],
      [5, 6],
      [5, 6],
    ]);
    expect(found[1]?.data).toEqual(
      Uint8ClampedArray.from({ length: 4 * 30 }, (_, index) =>
        index % 4 === 3 ? 255 : Math.round(255 * (expected[30 + Math.floor(index / 4)] ?? 0)),
      ),
    );
    const [first] = images as [RgbaImage];
    expect(await model.denoise(first)).toEqual(found[0]);
    expectClose(await model.encode(images), await model.encode(values));
  });

  test("denoises pictures of any size, as numbers and as ImageData with its alpha", async () => {
    const model = await load(bytes, { backend });
    const [image] = rgbaBlobs("picture", 1, 13, 16) as [RgbaImage];
    image.data[3] = 7;
    const picture = {
      rows: 13,
      columns: 16,
      channels: 1,
      values: Float32Array.from({ length: 13 * 16 }, (_, pixel) => (image.data[4 * pixel] ?? 0) / 255),
    };
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number) => told.push([done, total]);
    const denoised = await model.denoisePicture(picture, { stride: 2, onProgress });
    const yardstick = await PictureDenoiser.create(other(), made, { stride: 2 });
    expectClose(denoised.values, (await yardstick.denoisePicture(picture)).values);
    yardstick.destroy();
    // 5 windows vertically, the last one aligned to the bottom edge, and 7 horizontally.
    expect(told.at(-1)).toEqual([35, 35]);
    const drawn = await model.denoisePicture(image, { stride: 2 });
    expect(drawn.data[3]).toBe(7);
    expect(drawn.data[4]).toBe(Math.round(255 * (denoised.values[1] ?? 0)));
    const reason = new Error("Enough.");
    const aborted = model.denoisePicture(image, { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });
});

test("a colour picture keeps its colours", async () => {
  const photo = await readFile(new URL("../../public/models/photo.safetensors", import.meta.url));
  const model = await load(photo, { backend: "cpu" });
  const data = new Uint8ClampedArray(4 * 40 * 40);
  for (let at = 0; at < data.length; at += 4) data.set([200, 100, 50, 255], at);
  const denoised = await model.denoisePicture({ width: 40, height: 40, data });
  const middle = 4 * (20 * 40 + 20);
  [200, 100, 50].forEach((value, channel) => {
    expect(Math.abs((denoised.data[middle + channel] ?? 0) - value)).toBeLessThan(15);
  });
});

describe("if ImageData exists", () => {
  class StandIn {
    readonly data: Uint8ClampedArray<ArrayBuffer>;
    readonly width: number;
    readonly height: number;
    readonly colorSpace: string;

    constructor(
      data: Uint8ClampedArray<ArrayBuffer>,
      width: number,
      height: number,
      { colorSpace }: { readonly colorSpace: string },
    ) {
      this.data = data;
      this.width = width;
      this.height = height;
      this.colorSpace = colorSpace;
    }
  }
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "ImageData");
  });

  test("results are ImageData in the colour space of the input", async () => {
    const model = await load(bytes, { backend: "cpu" });
    Reflect.set(globalThis, "ImageData", StandIn);
    const [first] = images as [RgbaImage];
    const found = await model.denoise({ ...first, colorSpace: "display-p3" });
    expect(found).toBeInstanceOf(StandIn);
    expect(found).toMatchObject({ width: 5, height: 6, colorSpace: "display-p3" });
    expect(await model.denoisePicture(first)).toMatchObject({ colorSpace: "srgb" });
  });
});

test("a model is read from bytes, a Blob, a Response or the promise of one, and written to the same bytes", async () => {
  const options = { backend: "cpu" } as const;
  const copy = Uint8Array.from(bytes);
  const sources = [
    copy,
    copy.buffer,
    new Blob([copy]),
    new Response(copy),
    Promise.resolve(new Response(copy)),
  ];
  for (const source of sources) {
    const model = await load(source, options);
    expect(model.layers).toEqual(made.layers);
    expect(parseModel(model.toSafetensors(), "again")).toEqual(made);
  }
});

/** The images with one value replaced. */
const withValue = (index: number, value: number) => values.map((old, at) => (at === index ? value : old));

test("noise that was not clipped is denoised as it is", async () => {
  const model = await load(bytes, { backend: "cpu" });
  const noisy = values.map((value, index) => value + 4 * Math.sin(index));
  expect(Math.max(...noisy)).toBeGreaterThan(3);
  expectClose(await model.denoise(noisy), inFloat64(noisy));
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    "a page that does not exist",
    () => load(new Response("Not found", { status: 404 })),
    /^The model file could not be loaded: the server answered 404\.$/,
  ],
  [
    "a file of another format",
    () => load(new File(["<html>not a model</html>"], "index.html")),
    /^index\.html is not a safetensors file/,
  ],
  [
    "an address",
    () => load("digits.safetensors" as unknown as Blob),
    /^A model is loaded from bytes, a Blob or a Response/,
  ],
  [
    "images of another size",
    async () => (await load(bytes, { backend: "cpu" })).denoise(rgbaBlobs("a", 1, 5, 6)),
    /^The network takes images of 6 x 5 pixels, but image 0 has 5 x 6: denoisePicture takes any size\.$/,
  ],
  [
    "numbers that are not images",
    async () => (await load(bytes, { backend: "cpu" })).denoise(new Float32Array(29)),
    /^The network takes rows of 30 numbers/,
  ],
  [
    "a code of convolutions without a bottleneck",
    async () => {
      const network = autoencoder([6, 5], "conv:4x2");
      const wide = encodeModel({ network, layers: initialWeights(network, 1) });
      return (await load(wide, { backend: "cpu" })).decode(new Float32Array(4));
    },
    /^The network 6x5 conv:4x2 has no latent code: none of its hidden layers has fewer values than an image and no skip from it or around it\.$/,
  ],
  [
    "a value that is no number",
    async () => (await load(bytes, { backend: "cpu" })).denoise(withValue(7, Number.NaN)),
    /^The numbers of images must be from 0 to 1 \(bytes \/ 255\), or with noise from -16 to 16, but it holds NaN at index 7\.$/,
  ],
  [
    "an infinite value to encode",
    async () => (await load(bytes, { backend: "cpu" })).encode(withValue(89, Number.NEGATIVE_INFINITY)),
    /^The numbers of images must be .*, but it holds -Infinity at index 89\.$/,
  ],
  [
    "an infinite value to decode",
    async () => (await load(bytes, { backend: "cpu" })).decode(Float32Array.of(0, 99, 1, Infinity)),
    /^The numbers of codes must be finite, but it holds Infinity at index 3\.$/,
  ],
  [
    "a picture of numbers up to 255",
    async () =>
      (await load(bytes, { backend: "cpu" })).denoisePicture({
        ...{ rows: 9, columns: 8, channels: 1 },
        values: Float32Array.from({ length: 72 }, (_, index) => 3 * index),
      }),
    /^The numbers of picture must be .*, but it holds 18 at index 6\.$/,
  ],
  [
    "a picture with too few values",
    async () =>
      (await load(bytes, { backend: "cpu" })).denoisePicture({
        rows: 2,
        columns: 2,
        channels: 3,
        values: new Float32Array(4),
      }),
    /^A picture of 2 x 2 pixels and 3 channels has 12 values, but 4 are given\.$/,
  ],
  [
    "an image with too few bytes",
    async () =>
      (await load(bytes, { backend: "cpu" })).denoisePicture({
        width: 2,
        height: 2,
        data: new Uint8ClampedArray(4),
      }),
    /^The picture must have width x height pixels of 4 bytes each, but of 2 x 2 pixels it has 4 bytes\.$/,
  ],
])("%s is refused in one sentence", async (_, call, sentence) => {
  const refused = call();
  await expect(refused).rejects.toThrow(sentence);
  await expect(refused).rejects.toThrow(InputError);
});

test("a disposed model reports that it is disposed", async () => {
  const model = await loadModel(bytes, { backend: "cpu" });
  model.dispose();
  await expect(model.denoise(values)).rejects.toThrow(
    "The model was disposed, so it cannot be used any more.",
  );
});
