import type { SampleRange } from "./samples.ts";
import { hasAlpha, kindOfSamples, opaque, type StoredPicture, strideOf } from "./stored-picture.ts";
import { fromOverWhite, overWhite } from "./transparency.ts";

/** Reads and overwrites pixels as the values that a network gets: in its range, in sRGB, over white, in [0, 1]. */
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

  /** The number of overwritten pixels whose colours are outside sRGB and were clipped for the network. */
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
      const input = this.pixel(pixel);
      const place = (pixel - first) * channels;
      for (let channel = 0; channel < channels; channel++) values[place + channel] = input[channel] ?? 0;
    }
    return values;
  }

  /** The values of one pixel [channels]; the next call overwrites them. */
  pixel(pixel: number): Float64Array {
    this.#toSrgb(pixel);
    const alpha = this.#alphaOf(pixel);
    if (alpha === 1) return this.#pixel;
    for (let channel = 0; channel < this.#pixel.length; channel++) {
      this.#pixel[channel] = overWhite(this.#pixel[channel] ?? 0, alpha);
    }
    return this.#pixel;
  }

  /**
   * Overwrites pixels from `first` on with values [count, channels]. Alpha stays, and so do the colours of pixels whose alpha is 0. With
   * a profile, only the network's change is converted to the profile and added to the stored samples. So samples that the network does
   * not change keep their bits, also outside sRGB.
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

  /** Whether the network gets the samples without conversion: nothing is transparent, and the colours are sRGB. */
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

  /** Sets the pixel to its colours in sRGB, clipped; returns whether one was clipped by more than half a level of 8 bits. */
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
