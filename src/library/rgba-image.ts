import { greyBytes } from "../data/luma.ts";
import { toBytes } from "../data/pixel-bytes.ts";
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

/** The image's colours [height, width, 4] over white, opaque. */
function overWhite({ data }: RgbaImage): Uint8ClampedArray<ArrayBuffer> {
  return Uint8ClampedArray.from(data, (value, index) => {
    const alpha = data[index - (index % 4) + 3] ?? 255;
    return index % 4 === 3 ? 255 : 255 + ((value - 255) * alpha) / 255;
  });
}

/** The image over white as bytes [height, width, channels]: luma for 1 channel, the colours for 3. */
export function channelBytes(image: RgbaImage, channels: number): Uint8Array<ArrayBuffer> {
  const rgba = overWhite(image);
  return channels === 1 ? greyBytes(rgba) : withoutAlpha(rgba);
}

/** Whether red, green and blue are the same everywhere. */
export function isGrey({ data }: RgbaImage): boolean {
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

/** Red, green and blue [pixels, 3] of [pixels, 4]. */
export function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length: (rgba.length / 4) * 3 },
    (_, index) => rgba[4 * Math.floor(index / 3) + (index % 3)] ?? 0,
  );
}

/**
 * The image of values [height, width, channels], with 1 channel or 3, clipped to [0, 1]. Size, colour space and alpha
 * are those of `like`; without it the image is opaque.
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
    for (let colour = 0; colour < 3; colour++) {
      data[4 * pixel + colour] = bytes[channels * pixel + (channels === 1 ? 0 : colour)] ?? 0;
    }
    data[4 * pixel + 3] = opaque ? 255 : (like.data[4 * pixel + 3] ?? 255);
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
