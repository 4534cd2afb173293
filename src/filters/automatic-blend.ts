import type { Picture, PictureRows, RowSink } from "../data/picture.ts";
import { gaussianWeights, windowSums } from "../math/gaussian-window.ts";
import { mirror } from "./mirror.ts";

/*
 * A network that learned from blind spots does not use the value of a pixel to predict it, so it loses what the noisy value says. Where
 * f is predicted, y measured, v the variance of the noise and e² the squared error of f, both errors are independent:
 * E[(y - f)²] = v + e², and the mix with the lowest squared error is f + (y - f) e² / (v + e²). Laine et al. 2019 (arXiv:1901.10277)
 * have the network predict v and e²; here they are estimated from the picture: v + e² is the local mean of (y - f)², and v, which may
 * depend on the brightness, is that of the pixels of similar brightness where it is low, since there the network is nearly exact.
 */

/** The standard deviation of the Gaussian window of the local mean, and its radius, in pixels. */
const deviation = 4;
const radius = 3 * deviation;

/** The pixels of a channel are divided into so many groups by brightness. */
const mostGroups = 16;
const leastInGroup = 64;

/** The share of a group's pixels in which the local mean counts as that of the noise alone. */
const quietShare = 0.2;

/** The pixels of a channel that statistics are computed of. */
const mostSamples = 2 ** 16;

/**
 * Outliers, as dead pixels and salt-and-pepper noise, are limited: in the local mean, a difference counts as at most four standard
 * deviations of its group, by the median; in the mix, as at most two local ones.
 */
const [mostInMean, mostInMix] = [4, 2] as const;

/** The median of the square of a standard normal number. */
const medianSquare = 0.4549;

/** Rows that are processed at a time. */
const band = 64;

/** What an automatic blend calls between bands of rows, to let other work run or to stop; what it throws is thrown. */
export type Pause = () => Promise<void>;

/** A value by brightness: linear between the levels, constant beyond them. */
interface ByBrightness {
  /** Ascending. */
  readonly levels: readonly number[];
  readonly values: readonly number[];
}

/** A prediction, and a square or a mean of squares there. */
interface Sample {
  readonly level: number;
  readonly energy: number;
}

/**
 * Mixes a noisy picture into a network's result where that has errors, and passes the rows to `sink`. The result must not depend on
 * the noise of the pixel itself, as that of a network that learned from blind spots. The noise must be independent from pixel to pixel;
 * its strength may depend on the brightness. Both pictures have the same size and values of the same scale, which are not clipped.
 * The source is read three times; rows that were passed to the sink are not read again. Holds as many numbers as the picture has.
 */
export async function automaticBlend(
  noisy: PictureRows,
  result: Picture,
  sink: RowSink,
  pause: Pause = async () => {},
): Promise<void> {
  const { rows, columns, channels, values } = result;
  const width = columns * channels;
  const limits = (await sampledSquares(noisy, result, pause)).map((samples) =>
    byBrightness(samples, (energies) => (mostInMean ** 2 / medianSquare) * quantile(energies, 0.5)),
  );
  const means = await localMeans(noisy, result, limits, pause);
  const variances = Array.from({ length: channels }, (_, channel) =>
    byBrightness(sampled(values, means, channels, channel), (energies) => quantile(energies, quietShare)),
  );
  for (let first = 0; first < rows; first += band) {
    await pause();
    const end = Math.min(rows, first + band);
    const before = await noisy.read(first, end);
    const mixed = new Float32Array((end - first) * width);
    for (let at = 0, from = first * width; at < mixed.length; at++, from++) {
      const predicted = values[from] ?? 0;
      const mean = means[from] ?? 0;
      const noise = valueAt(variances[at % channels], predicted);
      // Also false where a value is not a number.
      const share = mean > noise ? 1 - noise / mean : 0;
      const limit = mostInMix * Math.sqrt(mean);
      const difference = Math.min(limit, Math.max(-limit, (before[at] ?? 0) - predicted));
      mixed[at] = share === 0 ? predicted : predicted + share * difference;
    }
    await sink(first, mixed);
  }
}

/** The distance between samples: odd, so that they are not all in the same columns. */
const stepOf = (pixels: number) => Math.ceil(pixels / mostSamples) | 1;

/** (y - f)² of some pixels of each channel. */
async function sampledSquares(
  noisy: PictureRows,
  { rows, columns, channels, values }: Picture,
  pause: Pause,
): Promise<Sample[][]> {
  const step = stepOf(rows * columns);
  const samples = Array.from({ length: channels }, (): Sample[] => []);
  let pixel = 0;
  for (let first = 0; first < rows; first += band) {
    await pause();
    const end = Math.min(rows, first + band);
    const before = await noisy.read(first, end);
    for (; pixel < end * columns; pixel += step) {
      samples.forEach((ofChannel, channel) => {
        const at = pixel * channels + channel;
        const level = values[at] ?? 0;
        add(ofChannel, level, ((before[at - first * columns * channels] ?? 0) - level) ** 2);
      });
    }
  }
  return samples;
}

/** The energies of some pixels of a channel of [pixels, channels]. */
function sampled(values: Float32Array, energies: Float32Array, channels: number, channel: number): Sample[] {
  const step = channels * stepOf(values.length / channels);
  const samples: Sample[] = [];
  for (let at = channel; at < values.length; at += step) add(samples, values[at] ?? 0, energies[at] ?? 0);
  return samples;
}

function add(samples: Sample[], level: number, energy: number): void {
  if (Number.isFinite(level + energy)) samples.push({ level, energy });
}

/** The local mean of (y - f)² of every value, with limited squares: [rows, columns, channels] */
async function localMeans(
  noisy: PictureRows,
  { rows, columns, channels, values }: Picture,
  limits: readonly ByBrightness[],
  pause: Pause,
): Promise<Float32Array> {
  const means = new Float32Array(values.length);
  const weights = gaussianWeights(deviation, radius);
  const width = columns * channels;
  const stride = columns + 2 * radius;
  for (let first = 0; first < rows; first += band) {
    await pause();
    const end = Math.min(rows, first + band);
    const [top, bottom] = [Math.max(0, first - radius), Math.min(rows, end + radius)];
    const before = await noisy.read(top, bottom);
    const squares = new Float64Array((end - first + 2 * radius) * stride);
    for (let channel = 0; channel < channels; channel++) {
      const limit = limits[channel];
      for (let row = first - radius, to = 0; row < end + radius; row++) {
        const line = mirror(row, rows) * width + channel;
        for (let column = -radius; column < columns + radius; column++, to++) {
          const from = line + mirror(column, columns) * channels;
          const predicted = values[from] ?? 0;
          const square = ((before[from - top * width] ?? 0) - predicted) ** 2;
          squares[to] = Math.min(square, valueAt(limit, predicted));
        }
      }
      const sums = windowSums(squares, stride, weights);
      for (let at = 0, to = first * width + channel; at < sums.length; at++, to += channels)
        means[to] = sums[at] ?? 0;
    }
  }
  return means;
}

/** A statistic of the energies of pixels of similar brightness. Sorts the samples. */
function byBrightness(samples: Sample[], statistic: (energies: readonly number[]) => number): ByBrightness {
  samples.sort((one, other) => one.level - other.level);
  const count = Math.max(1, Math.min(mostGroups, Math.floor(samples.length / leastInGroup)));
  const groups = Array.from({ length: count }, (_, group) =>
    samples.slice((group * samples.length) / count, ((group + 1) * samples.length) / count),
  );
  return {
    levels: groups.map((group) => group[group.length >> 1]?.level ?? 0),
    values: groups.map((group) => statistic(group.map(({ energy }) => energy))),
  };
}

/** The number below which this share of numbers is; 0 without numbers. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.floor(share * sorted.length)] ?? 0;
}

function valueAt(by: ByBrightness | undefined, level: number): number {
  if (!by) return 0;
  const { levels, values } = by;
  let next = 0;
  while (next < levels.length && (levels[next] ?? 0) <= level) next++;
  if (next === 0 || next === levels.length) return values[Math.min(next, levels.length - 1)] ?? 0;
  const [low, high] = [levels[next - 1] ?? 0, levels[next] ?? 0];
  const [lowValue, highValue] = [values[next - 1] ?? 0, values[next] ?? 0];
  return lowValue + ((level - low) / (high - low)) * (highValue - lowValue);
}
