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

/** The pixels of a channel of which the variance is estimated. */
const mostSamples = 2 ** 16;

/**
 * A noisy value counts as at most so many local standard deviations away from the prediction. Those further away are outliers, as of
 * salt-and-pepper noise.
 */
const mostDeviations = 2;

/** Rows that are processed at a time. */
const band = 64;

/** The variance of the noise by brightness: linear between the levels, constant beyond them. */
interface NoiseVariance {
  /** Ascending. */
  readonly levels: readonly number[];
  readonly variances: readonly number[];
}

/**
 * Mixes a noisy picture into a network's result where that has errors, and passes the rows to `sink`. The result must not depend on
 * the noise of the pixel itself, as that of a network that learned from blind spots. The noise must be independent from pixel to pixel;
 * its strength may depend on the brightness. Both pictures have the same size and values of the same scale, which are not clipped.
 * The source is read twice, rows that were passed to the sink are not read again.
 */
export async function automaticBlend(noisy: PictureRows, result: Picture, sink: RowSink): Promise<void> {
  const { rows, columns, channels, values } = result;
  const energies = await localEnergies(noisy, result);
  const variances = Array.from({ length: channels }, (_, channel) =>
    noiseVariance(values, energies, channels, channel),
  );
  const width = columns * channels;
  for (let first = 0; first < rows; first += band) {
    const end = Math.min(rows, first + band);
    const before = await noisy.read(first, end);
    const mixed = new Float32Array((end - first) * width);
    for (let at = 0, from = first * width; at < mixed.length; at++, from++) {
      const predicted = values[from] ?? 0;
      const energy = energies[from] ?? 0;
      const noise = varianceAt(variances[at % channels], predicted);
      // Also false where a value is not a number.
      const share = energy > noise ? 1 - noise / energy : 0;
      const difference = (before[at] ?? 0) - predicted;
      const limit = mostDeviations * Math.sqrt(energy);
      mixed[at] = share === 0 ? predicted : predicted + share * Math.min(limit, Math.max(-limit, difference));
    }
    await sink(first, mixed);
  }
}

/** The local mean of (y - f)² of every value: [rows, columns, channels] */
async function localEnergies(noisy: PictureRows, { rows, columns, channels, values }: Picture) {
  const energies = new Float32Array(values.length);
  const weights = gaussianWeights(deviation, radius);
  const width = columns * channels;
  const stride = columns + 2 * radius;
  for (let first = 0; first < rows; first += band) {
    const end = Math.min(rows, first + band);
    const [top, bottom] = [Math.max(0, first - radius), Math.min(rows, end + radius)];
    const before = await noisy.read(top, bottom);
    const squares = new Float64Array((end - first + 2 * radius) * stride);
    for (let channel = 0; channel < channels; channel++) {
      for (let row = first - radius, to = 0; row < end + radius; row++) {
        const line = mirror(row, rows) * width + channel;
        for (let column = -radius; column < columns + radius; column++, to++) {
          const from = line + mirror(column, columns) * channels;
          squares[to] = ((before[from - top * width] ?? 0) - (values[from] ?? 0)) ** 2;
        }
      }
      const sums = windowSums(squares, stride, weights);
      for (let at = 0, to = first * width + channel; at < sums.length; at++, to += channels)
        energies[to] = sums[at] ?? 0;
    }
  }
  return energies;
}

/** The variance of the noise of a channel of [pixels, channels]. */
function noiseVariance(
  values: Float32Array,
  energies: Float32Array,
  channels: number,
  channel: number,
): NoiseVariance {
  const pixels = values.length / channels;
  // Odd, so that the samples are not all in the same columns.
  const step = Math.ceil(pixels / mostSamples) | 1;
  const samples: { readonly level: number; readonly energy: number }[] = [];
  for (let pixel = 0; pixel < pixels; pixel += step) {
    const at = pixel * channels + channel;
    const [level, energy] = [values[at] ?? 0, energies[at] ?? 0];
    if (Number.isFinite(level + energy)) samples.push({ level, energy });
  }
  samples.sort((one, other) => one.level - other.level);
  const count = Math.max(1, Math.min(mostGroups, Math.floor(samples.length / leastInGroup)));
  const groups = Array.from({ length: count }, (_, group) =>
    samples.slice((group * samples.length) / count, ((group + 1) * samples.length) / count),
  );
  return {
    levels: groups.map((group) => group[group.length >> 1]?.level ?? 0),
    variances: groups.map((group) => {
      const sorted = group.map(({ energy }) => energy).sort((one, other) => one - other);
      return sorted[Math.floor(quietShare * sorted.length)] ?? 0;
    }),
  };
}

function varianceAt(variance: NoiseVariance | undefined, level: number): number {
  if (!variance) return 0;
  const { levels, variances } = variance;
  const next = levels.findIndex((one) => one > level);
  if (next < 0) return variances.at(-1) ?? 0;
  const [high, highVariance] = [levels[next] ?? 0, variances[next] ?? 0];
  if (next === 0) return highVariance;
  const [low, lowVariance] = [levels[next - 1] ?? 0, variances[next - 1] ?? 0];
  return lowVariance + ((level - low) / (high - low)) * (highVariance - lowVariance);
}
