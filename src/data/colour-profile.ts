import { InputError } from "../spec/input-error.ts";
import { inverseCurve, readCurve, type ToneCurve } from "./tone-curve.ts";

/**
 * Colour profiles (ICC.1:2022) with a matrix and tone curves, as displays, cameras and editors have them: sRGB, Display P3,
 * Adobe RGB, ProPhoto, and those of grey pictures. Networks get sRGB values (IEC 61966-2-1).
 */
export interface ColourProfile {
  /** Colour channels: 1 or 3. */
  readonly channels: 1 | 3;
  /** Converts a pixel, in place, from the profile's numbers to those of sRGB; those outside [0, 1] are not clipped. */
  toSrgb(pixel: Float64Array): void;
  /** The inverse, of numbers in [0, 1]. */
  fromSrgb(pixel: Float64Array): void;
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** From linear sRGB to CIE XYZ under D50, as in sRGB's own profiles. */
const srgbMatrix: Matrix = [
  ...[0.4360747, 0.3850649, 0.1430804],
  ...[0.2225045, 0.7168786, 0.0606169],
  ...[0.0139322, 0.0971045, 0.7141733],
] as unknown as Matrix;

/** sRGB's tone curve, extended to negative numbers. */
export function srgbEncode(linear: number): number {
  const size = Math.abs(linear);
  const encoded = size <= 0.0031308 ? 12.92 * size : 1.055 * size ** (1 / 2.4) - 0.055;
  return linear < 0 ? -encoded : encoded;
}

export function srgbDecode(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/**
 * Reads a profile for a picture with this number of colour channels; undefined if it is sRGB, i.e. no value would change by a level of
 * 8 bits. Throws an InputError that names the picture if the profile is damaged, is for other channels, or has tables instead of a matrix.
 */
export function readProfile(bytes: Uint8Array, channels: 1 | 3, name: string): ColourProfile | undefined {
  const profile = parse(bytes, channels, name);
  return isSrgb(profile) ? undefined : profile;
}

function parse(bytes: Uint8Array, channels: 1 | 3, name: string): ColourProfile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const space = textAt(bytes, 16);
    if (space !== (channels === 1 ? "GRAY" : "RGB ")) {
      throw new InputError(
        `${name} has a colour profile for ${space.trim()}, but it is a picture of ${channels === 1 ? "grey" : "red, green and blue"}: save it with a profile of its own colours, or without one.`,
      );
    }
    const tags = new Map<string, number>();
    for (let index = 0; index < view.getUint32(128); index++) {
      const place = 132 + 12 * index;
      tags.set(textAt(bytes, place), view.getUint32(place + 4));
    }
    const offsets = (names: readonly string[]) => names.map((one) => tags.get(one) ?? 0);
    const curves = offsets(channels === 1 ? ["kTRC"] : ["rTRC", "gTRC", "bTRC"]);
    const columns = offsets(channels === 1 ? [] : ["rXYZ", "gXYZ", "bXYZ"]);
    if (textAt(bytes, 20) !== "XYZ " || [...curves, ...columns].includes(0)) {
      throw new InputError(
        `${name} has a colour profile of tables, but only profiles of a matrix and tone curves are read, such as sRGB, Display P3 and Adobe RGB: convert it to one of these.`,
      );
    }
    const tones = curves.map((offset) => readCurve(view, offset));
    const [grey, green = grey, blue = grey] = tones;
    if (!grey || !green || !blue) throw new RangeError("A curve is missing.");
    if (channels === 1) return greyProfile(grey);
    const column = (offset: number) => [8, 12, 16].map((at) => view.getInt32(offset + at) / 65_536);
    const [red = [], greenColumn = [], blueColumn = []] = columns.map(column);
    const matrix = [0, 1, 2].flatMap((row) => [
      red[row],
      greenColumn[row],
      blueColumn[row],
    ]) as unknown as Matrix;
    return matrixProfile([grey, green, blue], matrix);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(`${name} has a damaged colour profile: save it with another one, or without.`, {
      cause,
    });
  }
}

function greyProfile(curve: ToneCurve): ColourProfile {
  const inverse = inverseCurve(curve);
  return {
    channels: 1,
    toSrgb(pixel) {
      pixel[0] = srgbEncode(curve(pixel[0] ?? 0));
    },
    fromSrgb(pixel) {
      pixel[0] = inverse(srgbDecode(pixel[0] ?? 0));
    },
  };
}

function matrixProfile(curves: readonly [ToneCurve, ToneCurve, ToneCurve], matrix: Matrix): ColourProfile {
  const forward = product(inverseOf(srgbMatrix), matrix);
  const backward = inverseOf(forward);
  const [red, green, blue] = curves;
  const inverses = [inverseCurve(red), inverseCurve(green), inverseCurve(blue)] as const;
  return {
    channels: 3,
    toSrgb(pixel) {
      pixel[0] = red(pixel[0] ?? 0);
      pixel[1] = green(pixel[1] ?? 0);
      pixel[2] = blue(pixel[2] ?? 0);
      apply(forward, pixel);
      for (let channel = 0; channel < 3; channel++) pixel[channel] = srgbEncode(pixel[channel] ?? 0);
    },
    fromSrgb(pixel) {
      for (let channel = 0; channel < 3; channel++) pixel[channel] = srgbDecode(pixel[channel] ?? 0);
      apply(backward, pixel);
      pixel[0] = inverses[0](pixel[0] ?? 0);
      pixel[1] = inverses[1](pixel[1] ?? 0);
      pixel[2] = inverses[2](pixel[2] ?? 0);
    },
  };
}

/** Whether a grid of colours changes by less than a level of 8 bits. */
function isSrgb({ channels, toSrgb }: ColourProfile): boolean {
  const side = channels === 1 ? 256 : 9;
  const pixel = new Float64Array(channels);
  for (let place = 0; place < side ** channels; place++) {
    const colour = Array.from(
      pixel,
      (_, channel) => (Math.floor(place / side ** channel) % side) / (side - 1),
    );
    pixel.set(colour);
    toSrgb(pixel);
    if (colour.some((value, channel) => !(Math.abs(value - (pixel[channel] ?? 0)) < 1 / 255))) return false;
  }
  return true;
}

function textAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function apply(m: Matrix, pixel: Float64Array): void {
  const [a = 0, b = 0, c = 0] = pixel;
  pixel[0] = m[0] * a + m[1] * b + m[2] * c;
  pixel[1] = m[3] * a + m[4] * b + m[5] * c;
  pixel[2] = m[6] * a + m[7] * b + m[8] * c;
}

function product(a: Matrix, b: Matrix): Matrix {
  const at = (m: Matrix, row: number, column: number) => m[3 * row + column] ?? 0;
  return Array.from({ length: 9 }, (_, index) => {
    const [row, column] = [Math.floor(index / 3), index % 3];
    return (
      at(a, row, 0) * at(b, 0, column) + at(a, row, 1) * at(b, 1, column) + at(a, row, 2) * at(b, 2, column)
    );
  }) as unknown as Matrix;
}

/** Throws a RangeError for a matrix without an inverse. */
function inverseOf([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-6)) throw new RangeError("The matrix has no inverse.");
  return [
    ...[e * i - f * h, c * h - b * i, b * f - c * e],
    ...[f * g - d * i, a * i - c * g, c * d - a * f],
    ...[d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((minor) => minor / determinant) as unknown as Matrix;
}
