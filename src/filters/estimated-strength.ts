import type { PictureRows } from "../data/picture.ts";

/** The high-pass filter of Daubechies' wavelet with two vanishing moments. Its squares sum to 1, so noise keeps its strength. */
const highPass = [
  -0.48296291314469025, 0.836516303737469, -0.22414386804185735, -0.12940952255092145,
] as const;
const taps = highPass.length;

/** The median of the absolute values of a standard normal variable. */
const normalMedian = 0.6744897501960817;

/** Details are taken from at most about this many values of a picture: bands of rows all over it. */
const mostValues = 2 ** 21;
const bandRows = 32;

/** Fewer details without clipped pixels than this share of all say too little. */
const leastShare = 1 / 16;

/**
 * Estimates the standard deviation of the Gaussian noise in a picture: the median of its finest diagonal wavelet details, which are
 * noise nearly everywhere (Donoho and Johnstone 1994, "Ideal spatial adaptation by wavelet shrinkage", section 4.2), as
 * scikit-image's estimate_sigma does. Details that see clipped pixels are left out if there are enough others, since clipping removes noise
 * from them. 0 for a picture of fewer than 4 x 4 pixels.
 */
export async function estimatedStrength(picture: PictureRows): Promise<number> {
  const { rows, columns, channels } = picture;
  if (rows < taps || columns < taps) return 0;
  const bands = Math.ceil(rows / bandRows);
  const step = Math.max(1, Math.ceil((rows * columns * channels) / mostValues));
  const details: number[] = [];
  const unclipped: number[] = [];
  for (let band = 0; band < bands; band += step) {
    const first = Math.min(band * bandRows, rows - taps);
    const end = Math.min(rows, first + bandRows);
    addDetails(await picture.read(first, end), end - first, columns, channels, { details, unclipped });
  }
  return medianOf(unclipped.length >= leastShare * details.length ? unclipped : details) / normalMedian;
}

/** Adds the absolute details of rows [rows, columns, channels] to the lists. Details of 0 are those of constant areas, without noise. */
function addDetails(
  values: Float32Array,
  rows: number,
  columns: number,
  channels: number,
  found: { readonly details: number[]; readonly unclipped: number[] },
): void {
  const width = columns * channels;
  for (let row = 0; row + taps <= rows; row += 2) {
    for (let column = 0; column + taps <= columns; column += 2) {
      for (let channel = 0; channel < channels; channel++) {
        const corner = row * width + column * channels + channel;
        let detail = 0;
        let clipped = false;
        for (let y = 0; y < taps; y++) {
          let across = 0;
          for (let x = 0; x < taps; x++) {
            const value = values[corner + y * width + x * channels] ?? 0;
            clipped ||= value === 0 || value === 1;
            across += (highPass[x] ?? 0) * value;
          }
          detail += (highPass[y] ?? 0) * across;
        }
        const size = Math.abs(detail);
        if (size < tiny) continue;
        found.details.push(size);
        if (!clipped) found.unclipped.push(size);
      }
    }
  }
}

/** Rounding leaves this much of a detail of 0. */
const tiny = 1e-7;

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
