import type { ColourProfile } from "./colour-profile.ts";
import type { SampleKind } from "./sample-range.ts";
import type { SampleRange, Samples } from "./samples.ts";

/** A picture as its file stores it, upright. */
export interface StoredPicture {
  /** The name in messages: its file's name, with the number of its page if there are several. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Channels of colour: 1 or 3. */
  readonly channels: 1 | 3;
  /** [rows, columns, stride]; with alpha, which is the last sample of a pixel, the stride is one more than the channels. */
  readonly samples: Samples | Int16Array<ArrayBuffer>;
  /** Undefined for sRGB, and without a profile. */
  readonly profile?: ColourProfile | undefined;
}

export function kindOfSamples(samples: StoredPicture["samples"]): SampleKind {
  if (samples instanceof Uint8Array) return "u8";
  if (samples instanceof Uint16Array) return "u16";
  return samples instanceof Int16Array ? "i16" : "f32";
}

/** Samples per pixel. */
export function strideOf({ rows, columns, samples }: StoredPicture): number {
  return samples.length / (rows * columns);
}

export function hasAlpha(picture: StoredPicture): boolean {
  return strideOf(picture) > picture.channels;
}

/** The lowest and the highest sample, without alpha. NaN if any is not a number. */
export function extremesOf(picture: StoredPicture): SampleRange {
  const { samples, channels } = picture;
  const stride = strideOf(picture);
  let low = Infinity;
  let high = -Infinity;
  for (let pixel = 0; pixel < samples.length; pixel += stride) {
    for (let channel = 0; channel < channels; channel++) {
      const sample = samples[pixel + channel] ?? 0;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
      if (Number.isNaN(sample)) return { low: Number.NaN, high: Number.NaN };
    }
  }
  return { low, high };
}

/** The number of samples outside a range, without alpha. */
export function countOutside(picture: StoredPicture, { low, high }: SampleRange): number {
  const { samples, channels } = picture;
  const stride = strideOf(picture);
  let count = 0;
  for (let pixel = 0; pixel < samples.length; pixel += stride) {
    for (let channel = 0; channel < channels; channel++) {
      const sample = samples[pixel + channel] ?? 0;
      if (sample < low || sample > high) count++;
    }
  }
  return count;
}

/** The alpha of opaque pixels, by the kind of samples. */
export const opaque: Readonly<Record<SampleKind, number>> = { u8: 255, u16: 65_535, i16: 32_767, f32: 1 };
