import { luma } from "../data/luma.ts";
import { toBytes } from "../data/pixel-bytes.ts";
import { fromOverWhite, overWhite } from "../data/transparency.ts";
import { InputError } from "../spec/input-error.ts";

/** An image as from a canvas: an `ImageData`, or an object of that form where there is no DOM. */
export interface RgbaImage {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** [height, width, 4] bytes: red, green, blue and alpha, not premultiplied. */
  readonly data: Uint8ClampedArray;
  /** Copied from the given image to the result; values are used unchanged. */
  readonly colorSpace?: "srgb" | "display-p3";
}

/** An image made by the library: an `ImageData` for `putImageData` if that class exists, otherwise a plain object. */
export interface ResultImage extends RgbaImage {
  /** [height, width, 4] bytes: red, green, blue and alpha. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  /** Copied from the given image; sRGB if it had none. */
  readonly colorSpace: "srgb" | "display-p3";
}

/** Throws an InputError unless the image has as many bytes as its size says. */
export function checkRgba({ width, height, data }: RgbaImage, what: string): void {
  const sized = [width, height].every((side) => Number.isInteger(side) && side >= 1);
  // An ImageData of half floats has as many values, but they are not bytes.
  const bytes = data?.BYTES_PER_ELEMENT === 1 ? data.length : undefined;
  if (sized && bytes === 4 * width * height) return;
  throw new InputError(
    `${what} must have width x height pixels of 4 bytes each, but of ${width} x ${height} pixels it has ${bytes ?? "no"} bytes.`,
  );
}

/** The image over white as bytes [height, width, channels], each rounded once: luma for 1 channel, the colours for 3. */
export function channelBytes({ data }: RgbaImage, channels: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((data.length / 4) * channels);
  for (let pixel = 0; pixel < data.length / 4; pixel++) {
    const [red, green, blue] = seenPixel(data, pixel);
    if (channels === 1) bytes[pixel] = Math.round(luma(red, green, blue));
    else bytes.set([Math.round(red), Math.round(green), Math.round(blue)], 3 * pixel);
  }
  return bytes;
}

/** The colours of a pixel over white, 0 to 255. */
function seenPixel(data: Uint8ClampedArray, pixel: number): [number, number, number] {
  const alpha = (data[4 * pixel + 3] ?? 255) / 255;
  const colour = (channel: number) => overWhite(data[4 * pixel + channel] ?? 0, alpha, 255);
  return [colour(0), colour(1), colour(2)];
}

/** The image over white as values [height, width, channels] in [0, 1]: the colours, or for 1 channel the red ones. */
export function valuesOverWhite({ data }: RgbaImage, channels: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array((data.length / 4) * channels);
  for (let pixel = 0; pixel < data.length / 4; pixel++) {
    const seen = seenPixel(data, pixel);
    for (let channel = 0; channel < channels; channel++)
      values[channels * pixel + channel] = (seen[channel] ?? 0) / 255;
  }
  return values;
}

/** Whether red, green and blue are the same everywhere. */
export function isGrey({ data }: RgbaImage): boolean {
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

/**
 * The image of values [height, width, channels], with 1 channel or 3, clipped to [0, 1]. Size, colour space and alpha
 * are those of `like`, over white; if it is to be `opaque`, the values are the colours themselves.
 */
export function rgbaImage(
  values: Float32Array,
  channels: number,
  like: RgbaImage,
  opaque: boolean,
): ResultImage {
  const { width, height, colorSpace = "srgb" } = like;
  const bytes = toBytes(values);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = opaque ? 255 : (like.data[4 * pixel + 3] ?? 255);
    for (let colour = 0; colour < 3; colour++) {
      const value = channels * pixel + (channels === 1 ? 0 : colour);
      if (alpha === 255) data[4 * pixel + colour] = bytes[value] ?? 0;
      else if (alpha === 0) data[4 * pixel + colour] = like.data[4 * pixel + colour] ?? 0;
      else data[4 * pixel + colour] = Math.round(255 * fromOverWhite(values[value] ?? 0, alpha / 255));
    }
    data[4 * pixel + 3] = alpha;
  }
  const { ImageData } = globalThis as { ImageData?: ImageDataClass };
  return ImageData ? new ImageData(data, width, height, { colorSpace }) : { width, height, data, colorSpace };
}

/** The part of `ImageData` in use; the class exists only in browsers. */
type ImageDataClass = new (
  data: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
  settings: { readonly colorSpace: "srgb" | "display-p3" },
) => ResultImage;
