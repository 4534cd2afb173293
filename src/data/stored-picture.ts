import type { ColourProfile } from "./colour-profile.ts";
import { luma } from "./luma.ts";
import type { SampleKind } from "./sample-range.ts";
import { newSamples, type SampleFormat, type SampleRange, type Samples, sameRange } from "./samples.ts";
import { fromOverWhite, overWhite } from "./transparency.ts";

/** A picture as its file stores it, upright. */
export interface StoredPicture {
  /** The name in messages: its file's name, with the number of its page if there are several. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Those that have colour: 1 or 3. */
  readonly channels: 1 | 3;
  /** [rows, columns, stride], where the stride is one more than the channels if there is alpha, the last sample of a pixel. */
  readonly samples: Samples | Int16Array<ArrayBuffer>;
  /** Undefined for sRGB, and where there is none. */
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

/** The lowest and the highest sample, alpha not among them. NaN if any is not a number. */
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

/** Samples, alpha not among them, that lie outside a range. */
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

/** Alpha that is opaque, by the kind of samples. */
const opaque: Readonly<Record<SampleKind, number>> = { u8: 255, u16: 65_535, i16: 32_767, f32: 1 };

/** Reads and overwrites the values of pixels as a network sees them: in its range, in sRGB, over white, in [0, 1]. */
export class NetworkView {
  readonly picture: StoredPicture;
  readonly #range: SampleRange;
  readonly #stride: number;
  readonly #opaque: number;
  readonly #alpha: boolean;
  readonly #pixel: Float64Array;
  readonly #before: Float64Array;
  #clippedPixels = 0;

  constructor(picture: StoredPicture, range: SampleRange) {
    this.picture = picture;
    this.#range = range;
    this.#stride = strideOf(picture);
    this.#alpha = hasAlpha(picture);
    this.#opaque = opaque[kindOfSamples(picture.samples)];
    this.#pixel = new Float64Array(picture.channels);
    this.#before = new Float64Array(picture.channels);
  }

  /** Overwritten pixels whose colours the network saw clipped, because they lie outside sRGB. */
  get clippedPixels(): number {
    return this.#clippedPixels;
  }

  /** Pixels from `first` up to, not including, `end`: [end - first, channels]. */
  read(first: number, end: number): Float32Array<ArrayBuffer> {
    const { channels, samples } = this.picture;
    const values = new Float32Array((end - first) * channels);
    if (this.#plain) {
      const { low, high } = this.#range;
      const start = first * channels;
      for (let index = 0; index < values.length; index++) {
        values[index] = clip(((samples[start + index] ?? 0) - low) / (high - low));
      }
      return values;
    }
    for (let pixel = first; pixel < end; pixel++) {
      const seen = this.look(pixel);
      const place = (pixel - first) * channels;
      for (let channel = 0; channel < channels; channel++) values[place + channel] = seen[channel] ?? 0;
    }
    return values;
  }

  /** The values of one pixel [channels], which the next look overwrites. */
  look(pixel: number): Float64Array {
    this.#toSrgb(pixel);
    const alpha = this.#alphaOf(pixel);
    if (alpha === 1) return this.#pixel;
    for (let channel = 0; channel < this.#pixel.length; channel++) {
      this.#pixel[channel] = overWhite(this.#pixel[channel] ?? 0, alpha);
    }
    return this.#pixel;
  }

  /**
   * Overwrites pixels from `first` on with values [count, channels]. Alpha stays, and so do the colours of pixels whose alpha is 0. Of a
   * picture with a profile, the stored samples change by what the network changed, converted to the profile: those that the network
   * leaves alone stay to the bit, also outside sRGB.
   */
  write(first: number, values: Float32Array): void {
    const { channels, profile, samples } = this.picture;
    const { low, high } = this.#range;
    const float = samples instanceof Float32Array;
    if (this.#plain) {
      const start = first * channels;
      for (let index = 0; index < values.length; index++) {
        const sample = low + clip(values[index] ?? 0) * (high - low);
        samples[start + index] = float ? sample : Math.round(sample);
      }
      return;
    }
    const after = this.#pixel;
    for (let from = 0, pixel = first; from < values.length; from += channels, pixel++) {
      const alpha = this.#alphaOf(pixel);
      if (alpha === 0) continue;
      if (profile) {
        if (this.#toSrgb(pixel)) this.#clippedPixels++;
        this.#before.set(this.#pixel);
        profile.fromSrgb(this.#before);
      }
      for (let channel = 0; channel < channels; channel++) {
        after[channel] = fromOverWhite(values[from + channel] ?? 0, alpha);
      }
      profile?.fromSrgb(after);
      const place = pixel * this.#stride;
      for (let channel = 0; channel < channels; channel++) {
        const wanted = after[channel] ?? 0;
        const value = profile
          ? clip(this.#value(place + channel) + wanted - (this.#before[channel] ?? 0))
          : wanted;
        const sample = low + value * (high - low);
        samples[place + channel] = float ? sample : Math.round(sample);
      }
    }
  }

  /** Whether the samples are those that the network sees: nothing is transparent, and the colours are those of sRGB. */
  get #plain(): boolean {
    return !this.#alpha && !this.picture.profile;
  }

  #value(place: number): number {
    const { low, high } = this.#range;
    return clip(((this.picture.samples[place] ?? 0) - low) / (high - low));
  }

  #alphaOf(pixel: number): number {
    if (!this.#alpha) return 1;
    return (this.picture.samples[(pixel + 1) * this.#stride - 1] ?? 0) / this.#opaque;
  }

  /** Sets the pixel to its colours in sRGB, clipped; returns whether some had to be, by more than half a level of 8 bits. */
  #toSrgb(pixel: number): boolean {
    const { channels, profile } = this.picture;
    for (let channel = 0; channel < channels; channel++) {
      this.#pixel[channel] = this.#value(pixel * this.#stride + channel);
    }
    if (!profile) return false;
    profile.toSrgb(this.#pixel);
    let outside = false;
    for (let channel = 0; channel < channels; channel++) {
      const value = this.#pixel[channel] ?? 0;
      if (value < -0.5 / 255 || value > 1 + 0.5 / 255) outside = true;
      this.#pixel[channel] = clip(value);
    }
    return outside;
  }
}

function clip(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

/**
 * The samples [rows, columns, channels] of a picture for a training, in grey or in colour, as a network sees them; each is rounded once.
 * `range` is that of the stored samples, and `format` that of the result.
 */
export function networkSamples(
  picture: StoredPicture,
  channels: 1 | 3,
  range: SampleRange,
  format: SampleFormat,
): Samples {
  const { rows, columns, samples, profile } = picture;
  const same = sameRange(range, format.range) && !(samples instanceof Int16Array);
  const plain = same && !profile && samples.BYTES_PER_ELEMENT * 8 === format.bits;
  if (plain && strideOf(picture) === channels && channels === picture.channels) {
    const { low, high } = range;
    return samples.map((sample) => Math.min(Math.max(sample, low), high)) as Samples;
  }
  if (plain) return plainSamples(picture, channels, range, samples);
  const view = new NetworkView(picture, range);
  const { low, high } = format.range;
  return converted(rows * columns, channels, format.bits, (pixel, colours) => {
    const seen = view.look(pixel);
    for (let channel = 0; channel < 3; channel++) {
      colours[channel] = low + (seen[picture.channels === 3 ? channel : 0] ?? 0) * (high - low);
    }
  });
}

/** Without a profile, in units of samples: the luma of whole numbers is exact then. */
function plainSamples(
  picture: StoredPicture,
  channels: 1 | 3,
  { low, high }: SampleRange,
  samples: Samples,
): Samples {
  const stride = strideOf(picture);
  const most = opaque[kindOfSamples(samples)];
  const transparent = hasAlpha(picture);
  return converted(
    samples.length / stride,
    channels,
    (8 * samples.BYTES_PER_ELEMENT) as 8 | 16 | 32,
    (pixel, colours) => {
      const alpha = transparent ? (samples[(pixel + 1) * stride - 1] ?? 0) / most : 1;
      for (let channel = 0; channel < 3; channel++) {
        const sample = samples[pixel * stride + (picture.channels === 3 ? channel : 0)] ?? 0;
        const inside = Math.min(Math.max(sample, low), high);
        colours[channel] = alpha === 1 ? inside : overWhite(inside, alpha, high);
      }
    },
  );
}

/** Rounds the colours of each pixel, or their luma, to samples. */
function converted(
  pixels: number,
  channels: 1 | 3,
  bits: SampleFormat["bits"],
  look: (pixel: number, colours: Float64Array) => void,
): Samples {
  const result = newSamples(bits, pixels * channels);
  const colours = new Float64Array(3);
  const rounded = bits === 32 ? (value: number) => value : Math.round;
  for (let pixel = 0; pixel < pixels; pixel++) {
    look(pixel, colours);
    const [red = 0, green = 0, blue = 0] = colours;
    if (channels === 1) {
      result[pixel] = rounded(red === green && green === blue ? red : luma(red, green, blue));
      continue;
    }
    for (let channel = 0; channel < 3; channel++)
      result[3 * pixel + channel] = rounded(colours[channel] ?? 0);
  }
  return result;
}
