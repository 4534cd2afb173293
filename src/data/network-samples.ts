import { luma } from "./luma.ts";
import { NetworkView } from "./network-view.ts";
import { newSamples, type SampleFormat, type SampleRange, type Samples, sameRange } from "./samples.ts";
import { hasAlpha, kindOfSamples, opaque, type StoredPicture, strideOf } from "./stored-picture.ts";
import { overWhite } from "./transparency.ts";

/**
 * The samples [rows, columns, channels] of a picture for training, in grey or in colour, as a network gets them; each is rounded once.
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
    const input = view.pixel(pixel);
    for (let channel = 0; channel < 3; channel++) {
      colours[channel] = low + (input[picture.channels === 3 ? channel : 0] ?? 0) * (high - low);
    }
  });
}

/** Without a profile, in units of samples, so that the luma of integers is exact. */
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
  read: (pixel: number, colours: Float64Array) => void,
): Samples {
  const result = newSamples(bits, pixels * channels);
  const colours = new Float64Array(3);
  const rounded = bits === 32 ? (value: number) => value : Math.round;
  for (let pixel = 0; pixel < pixels; pixel++) {
    read(pixel, colours);
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
