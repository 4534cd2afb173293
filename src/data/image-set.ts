import { InputError } from "../spec/input-error.ts";
import { gunzip, gunzipStart, isGzip } from "./gzip.ts";
import { type IdxArray, maxIdxHeaderBytes, parseIdx, readIdxHeader } from "./idx.ts";
import { bitsOf, bytes8, newSamples, type SampleFormat, type Samples } from "./samples.ts";
import { elementCount, shapeText, shownShape } from "./shapes.ts";

/** Images of one size. */
export interface ImageSet<P extends Samples = Samples> {
  /** The name of the set in messages: its file's name. */
  readonly name: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Values per pixel: 3 for red, green and blue. Default: 1, grey. */
  readonly channels?: number | undefined;
  /** [count, rows, columns, channels], starting at its buffer's first byte. */
  readonly pixels: P;
  /** What the samples mean. Default: bytes, a value is byte / 255. */
  readonly format?: SampleFormat | undefined;
  /** [count] */
  readonly labels?: Uint8Array<ArrayBuffer>;
}

/** Images of bytes. */
export type ByteImageSet = ImageSet<Uint8Array<ArrayBuffer>>;

/** The name, number and size of images. */
type ImageShape = Pick<ImageSet, "name" | "count" | "rows" | "columns" | "channels">;

/** Samples of one image. */
export function imageSamples({
  rows,
  columns,
  channels = 1,
}: Pick<ImageSet, "rows" | "columns" | "channels">): number {
  return rows * columns * channels;
}

/** Bytes of one image. */
export function imageBytes(
  images: Pick<ImageSet, "rows" | "columns" | "channels"> & { readonly format?: SampleFormat | undefined },
): number {
  return (imageSamples(images) * (images.format ?? bytes8).bits) / 8;
}

/** The largest unpacked size of a gzipped file, in bytes: the limit of a typed array in Node 20. */
const maxUnpackedBytes = 2 ** 32;

/** Reads images from an IDX file of 3 dimensions, gzipped or not; throws an InputError that names the file. */
export async function readImageSet(bytes: Uint8Array, name: string): Promise<ByteImageSet> {
  const { dimensions, data } = await readIdx(bytes, name);
  return { name, ...imageShape(dimensions, name), pixels: new Uint8Array(data) };
}

/** The dimensions of an IDX file as those of images; throws an InputError that names the file if they do not fit. */
export function imageShape(
  dimensions: readonly number[],
  name: string,
): Pick<ImageSet, "count" | "rows" | "columns"> {
  const [count, rows, columns] = dimensions;
  if (dimensions.length !== 3 || count === undefined || rows === undefined || columns === undefined) {
    throw new InputError(
      `${name} does not hold images: they need the 3 dimensions [count, rows, columns], but it has ${shownShape(dimensions)}.`,
    );
  }
  if (count * rows * columns === 0) {
    throw new InputError(`${name} holds no pixels: its dimensions are ${shownShape(dimensions)}.`);
  }
  return { count, rows, columns };
}

/** Reads labels [count] from an IDX file of 1 dimension, gzipped or not; throws an InputError that names the file. */
export async function readLabels(bytes: Uint8Array, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { dimensions, data } = await readIdx(bytes, name);
  if (dimensions.length !== 1) {
    throw new InputError(
      `${name} does not hold labels: they need the 1 dimension [count], but it has ${shownShape(dimensions)}.`,
    );
  }
  return new Uint8Array(data);
}

async function readIdx(bytes: Uint8Array, name: string): Promise<IdxArray> {
  return parseIdx(isGzip(bytes) ? await gunzipIdx(bytes, name) : bytes, name);
}

/** Unpacks a gzipped IDX file up to the size in its header; throws an InputError that names the file. */
export async function gunzipIdx(bytes: Uint8Array, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { dimensions, headerBytes } = readIdxHeader(await gunzipStart(bytes, maxIdxHeaderBytes, name), name);
  return gunzip(bytes, Math.min(headerBytes + elementCount(dimensions), maxUnpackedBytes), name);
}

/** The images with their labels; throws an InputError unless there is one label per image. */
export function withLabels<I extends ImageShape>(
  images: I,
  labels: Uint8Array<ArrayBuffer>,
  labelsName: string,
): I & { readonly labels: Uint8Array<ArrayBuffer> } {
  if (labels.length !== images.count) {
    throw new InputError(
      `Every image needs one label, but ${images.name} has ${images.count} images and ${labelsName} has ${labels.length} labels.`,
    );
  }
  return { ...images, labels };
}

/** Copies the images (and labels) at `indices`, in that order; an index may occur twice. */
export function selectImages<P extends Samples>(
  set: ImageSet<P>,
  indices: ArrayLike<number>,
  name: string = set.name,
): ImageSet<P> {
  if (indices.length === 0)
    throw new InputError(`No image of ${set.name} is selected, but a set needs at least 1.`);
  const size = imageSamples(set);
  const order = Array.from(indices);
  const stray = order.find((index) => !Number.isInteger(index) || index < 0 || index >= set.count);
  if (stray !== undefined) {
    throw new InputError(`${set.name} has no image ${stray}: its ${set.count} images are numbered from 0.`);
  }
  const pixels = newSamples(bitsOf(set.pixels), order.length * size) as P;
  order.forEach((index, place) => {
    pixels.set(set.pixels.subarray(index * size, (index + 1) * size), place * size);
  });
  const { rows, columns, channels, format, labels } = set;
  const selected: ImageSet<P> = { name, count: order.length, rows, columns, channels, pixels, format };
  return labels === undefined
    ? selected
    : { ...selected, labels: Uint8Array.from(order, (index) => labels[index] ?? 0) };
}

/** Throws an InputError unless noisy and clean images can be paired: the same count, rows, columns and colour. */
export function checkPair(noisy: ImageShape, clean: ImageShape): void {
  if (noisy.count === clean.count && sameSize(noisy, clean)) return;
  throw new InputError(
    `Noisy and clean images must have the same count, rows, columns and channels, but ${named(noisy)} and ${named(clean)} differ.`,
  );
}

/** Throws an InputError unless both sets' images have the same size, as training and validation images must. */
export function checkSameSize(a: ImageShape, b: ImageShape): void {
  if (sameSize(a, b)) return;
  throw new InputError(
    `All images must have the same rows, columns and channels, but those of ${named(a)} and ${named(b)} differ.`,
  );
}

function sameSize(a: ImageShape, b: ImageShape): boolean {
  return a.rows === b.rows && a.columns === b.columns && (a.channels ?? 1) === (b.channels ?? 1);
}

/** "train.idx [60000, 28, 28]", or "pictures [50, 64, 64, 3]" in colour */
function named({ name, count, rows, columns, channels = 1 }: ImageShape): string {
  return `${name} ${shapeText([count, rows, columns, ...(channels > 1 ? [channels] : [])])}`;
}
