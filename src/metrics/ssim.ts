import type { Plane } from "../data/plane.ts";
import { gaussianWeights, windowSums } from "../math/gaussian-window.ts";

/** Rows and columns of the window, and therefore of the smallest plane that has an SSIM. */
export const ssimWindow = 11;

const weights = gaussianWeights(1.5, ssimWindow >> 1);

/** Keep the quotients finite when means or variances are near 0: (K * data range)^2, for planes in [0, 1]. */
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/**
 * Structural similarity of two planes of the same shape with values in [0, 1], in float64: 1 for equal planes, at
 * least -1. The mean over every place where the 11 x 11 Gaussian window of sigma 1.5 fits entirely, with population
 * variances (Wang, Bovik, Sheikh and Simoncelli 2004, "Image quality assessment", IEEE Transactions on Image
 * Processing 13). Throws a RangeError for planes of different shapes and for those smaller than the window.
 */
export function ssim(output: Plane, clean: Plane): number {
  const { rows, columns } = clean;
  if (output.rows !== rows || output.columns !== columns) {
    const shape = `${output.rows} x ${output.columns}`;
    throw new RangeError(
      `An output of ${shape} pixels cannot be compared with ${rows} x ${columns} clean ones.`,
    );
  }
  if (Math.min(rows, columns) < ssimWindow) {
    throw new RangeError(
      `SSIM needs ${ssimWindow} x ${ssimWindow} pixels, and there are ${rows} x ${columns}.`,
    );
  }
  const meanOf = (term: (x: number, y: number) => number) => {
    const terms = Float64Array.from(output.values, (x, pixel) => term(x, clean.values[pixel] ?? Number.NaN));
    return windowSums(terms, columns, weights);
  };
  const meanX = meanOf((x) => x);
  const meanY = meanOf((_, y) => y);
  const meanXX = meanOf((x) => x * x);
  const meanYY = meanOf((_, y) => y * y);
  const meanXY = meanOf((x, y) => x * y);

  let sum = 0;
  for (const [place, mx] of meanX.entries()) {
    const my = meanY[place] ?? Number.NaN;
    const variances = (meanXX[place] ?? Number.NaN) - mx * mx + (meanYY[place] ?? Number.NaN) - my * my;
    const covariance = (meanXY[place] ?? Number.NaN) - mx * my;
    sum += ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (variances + c2));
  }
  return sum / meanX.length;
}
