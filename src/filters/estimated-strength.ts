import type { PictureRows } from "../data/picture.ts";
import { clippedDeviation, clippedMean } from "./bias-correction.ts";

/** The high-pass filter of Daubechies' wavelet with two vanishing moments. Its squares sum to 1, so noise keeps its strength. */
const highPass = [
  -0.48296291314469025, 0.836516303737469, -0.22414386804185735, -0.12940952255092145,
] as const;
const taps = highPass.length;

/** The median of the absolute values of a standard normal variable. */
const normalMedian = 0.6744897501960817;

/** About the most values of a picture whose details are computed, in evenly spaced bands of rows. */
const mostValues = 2 ** 19;
const bandRows = 32;

/** If less than this share of the details contains a clipped pixel, clipping is ignored. */
const leastClipped = 1e-3;

/** Weaker noise cannot be distinguished from the texture of a clean picture: 2.5 of 255. */
const leastStrength = 2.5 / 255;

/** The finest diagonal details of a picture: their absolute values, and the means of the pixels under each filter. */
interface Details {
  readonly sizes: Float64Array<ArrayBuffer>;
  /** The places of the means in a table of deviations: see placeOf. */
  readonly places: Uint8Array<ArrayBuffer>;
  /** The block of bandRows x bandRows pixels that each detail is in. */
  readonly blocks: Uint32Array<ArrayBuffer>;
}

/**
 * Estimates the standard deviation of the Gaussian noise in a picture: the median of its finest diagonal wavelet details, which are
 * noise nearly everywhere (Donoho and Johnstone 1994, "Ideal spatial adaptation by wavelet shrinkage", section 4.2), as
 * scikit-image's estimate_sigma does. Clipping makes noise weaker near black and white, so in a clipped picture each detail is compared
 * with the deviation of clipped noise at its pixels' mean. Clipped noise is not normal, so where most pixels are clipped the result is
 * up to a fifth too low or too high. The contribution of texture is subtracted: see withoutTexture.
 *
 * 0 if the noise cannot be distinguished from texture (below 2.5/255), and for a picture of fewer than 4 x 4 pixels.
 */
export async function estimatedStrength(picture: PictureRows): Promise<number> {
  const { rows, columns, channels } = picture;
  if (rows < taps || columns < taps) return 0;
  const step = Math.max(1, Math.ceil((rows * columns * channels) / mostValues));
  const bands: DetailsOfBand[] = [];
  for (let band = 0; band < Math.ceil(rows / bandRows); band += step) {
    const first = Math.min(band * bandRows, rows - taps);
    const end = Math.min(rows, first + bandRows);
    bands.push(detailsOf(await picture.read(first, end), end - first, columns, channels));
  }
  const details = joined(bands);
  const clipped = bands.reduce((total, band) => total + band.clipped, 0);
  const plain = medianOf(details.sizes) / normalMedian;
  const isClipped = clipped > leastClipped * details.sizes.length;
  const strength = isClipped ? clippedStrength(details, plain) : plain;
  const estimate = withoutTexture(isClipped ? unclipped(details, strength) : details, strength);
  return estimate < leastStrength ? 0 : estimate;
}

/** The details of a band. */
interface DetailsOfBand extends Details {
  /** The number of details that contain a pixel of exactly 0 or 1. */
  readonly clipped: number;
}

/** The details of rows [rows, columns, channels], without those of 0, which come from constant areas without noise. */
function detailsOf(values: Float32Array, rows: number, columns: number, channels: number): DetailsOfBand {
  const width = columns * channels;
  const most = ((rows - taps + 2) >> 1) * ((columns - taps + 2) >> 1) * channels;
  const sizes = new Float64Array(most);
  const places = new Uint8Array(most);
  const blocks = new Uint32Array(most);
  let [count, clipped] = [0, 0];
  for (let row = 0; row + taps <= rows; row += 2) {
    for (let column = 0; column + taps <= columns; column += 2) {
      for (let channel = 0; channel < channels; channel++) {
        const corner = row * width + column * channels + channel;
        let [detail, sum] = [0, 0];
        let isClipped = false;
        for (let y = 0; y < taps; y++) {
          let across = 0;
          for (let x = 0; x < taps; x++) {
            const value = values[corner + y * width + x * channels] ?? 0;
            isClipped ||= value === 0 || value === 1;
            sum += value;
            across += (highPass[x] ?? 0) * value;
          }
          detail += (highPass[y] ?? 0) * across;
        }
        if (Math.abs(detail) < tiny) continue;
        sizes[count] = Math.abs(detail);
        places[count] = placeOf(sum / taps ** 2);
        blocks[count] = Math.floor(column / bandRows);
        if (isClipped) clipped++;
        count++;
      }
    }
  }
  return {
    sizes: sizes.subarray(0, count),
    places: places.subarray(0, count),
    blocks: blocks.subarray(0, count),
    clipped,
  };
}

/** The details of all bands, with consecutive numbers for their blocks. */
function joined(bands: readonly Details[]): Details {
  const count = bands.reduce((total, { sizes }) => total + sizes.length, 0);
  const sizes = new Float64Array(count);
  const places = new Uint8Array(count);
  const blocks = new Uint32Array(count);
  let [to, firstBlock] = [0, 0];
  for (const band of bands) {
    sizes.set(band.sizes, to);
    places.set(band.places, to);
    blocks.set(
      band.blocks.map((block) => firstBlock + block),
      to,
    );
    to += band.sizes.length;
    firstBlock += 1 + (band.blocks.at(-1) ?? 0);
  }
  return { sizes, places, blocks };
}

/** Rounding leaves this much of a detail of 0. */
const tiny = 1e-7;

/** Bisection steps of the search for the strength. */
const halvings = 20;

/** The strength at which the details have the size of clipped noise. It is at least `plain`, the estimate without clipping. */
function clippedStrength({ sizes, places }: Details, plain: number): number {
  let [low, high] = [plain, 4 * plain + tiny];
  for (let halving = 0; halving < halvings; halving++) {
    const sigma = (low + high) / 2;
    const medians = deviationTable(sigma).map((deviation) => normalMedian * deviation);
    // Counting the larger details shows whether the median is larger, and is much faster than sorting.
    let larger = 0;
    for (let index = 0; index < sizes.length; index++) {
      if ((sizes[index] ?? 0) > (medians[places[index] ?? 0] ?? 0)) larger++;
    }
    if (2 * larger > sizes.length) low = sigma;
    else high = sigma;
  }
  return (low + high) / 2;
}

/** The details as they would be without clipping. */
function unclipped(details: Details, strength: number): Details {
  const factors = deviationTable(strength).map((deviation) => strength / deviation);
  const sizes = details.sizes.map((size, index) => size * (factors[details.places[index] ?? 0] ?? 1));
  return { ...details, sizes };
}

/** The fewest details of a block whose median is used, and the fewest such blocks for subtracting texture. */
const leastDetails = 64;
const leastBlocks = 20;

/** The blocks with the least texture are this share of all blocks; the block at that quantile represents them. */
const smoothShare = 0.1;

/** The normal distribution's lower tenth, in standard deviations: the median of that block is below the mean by this much, also in pure noise. */
const tenthDeviations = 1.2816;

/** The standard deviation of n normal values' median absolute value, relative to its mean, is about this / sqrt(n). */
const medianDeviation = 1.1664;

/** How far the variance is extrapolated below the blocks with the least texture, as a share of its difference to the whole picture's. */
const extrapolation = 0.75;

/** The most that is subtracted as texture: if the strength of the noise varies, those blocks have less noise, not less texture. */
const mostTexture = 12 / 255;

/**
 * Subtracts the contribution of texture from an estimate. The tenth of the blocks with the least texture has the same noise, so the
 * variance is extrapolated linearly from the whole picture's variance through theirs. The constants were chosen on Set12, BSD68, Kodak24
 * and McMaster: clean photographs mostly get less than 1/255 (3/255 without the correction), and noise of 5/255 gets 4.1 to 5.3 (6.3
 * without it).
 */
function withoutTexture({ sizes, blocks }: Details, strength: number): number {
  const byBlock = new Map<number, number[]>();
  blocks.forEach((block, index) => {
    const found = byBlock.get(block) ?? [];
    found.push(sizes[index] ?? 0);
    byBlock.set(block, found);
  });
  const full = [...byBlock.values()].filter((some) => some.length >= leastDetails);
  if (full.length < leastBlocks) return strength;
  const details = full.reduce((total, some) => total + some.length, 0) / full.length;
  const medians = full.map((some) => medianOf(some) / normalMedian).sort((one, other) => one - other);
  const bias = 1 - (tenthDeviations * medianDeviation) / Math.sqrt(details);
  const smooth = (medians[Math.floor(smoothShare * medians.length)] ?? 0) / bias;
  const texture = (1 + extrapolation) * Math.max(0, strength ** 2 - smooth ** 2);
  return Math.sqrt(Math.max(0, strength ** 2 - Math.min(texture, mostTexture ** 2)));
}

/** Intervals of the table of deviations. */
const intervals = 128;

/** The index in the table of deviations for a mean of noisy values. */
function placeOf(mean: number): number {
  return Math.round(intervals * Math.min(1, Math.max(0, mean)));
}

/** The deviations of noise clipped to [0, 1], by the mean of the noisy values: see placeOf. */
function deviationTable(sigma: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: intervals + 1 }, (_, place) => {
    const mean = (0.001 + 0.998 * place) / intervals;
    // The clean value of this mean; it may be outside [0, 1].
    let [low, high] = [-3 * sigma, 1 + 3 * sigma];
    for (let halving = 0; halving < 30; halving++) {
      const clean = (low + high) / 2;
      if (clippedMean(clean, sigma) < mean) low = clean;
      else high = clean;
    }
    return clippedDeviation((low + high) / 2, sigma);
  });
}

function medianOf(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
