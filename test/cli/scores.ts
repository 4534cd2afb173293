/** The scores of one image, in simple code: the reference for `unsnow evaluate`. */
export interface Scores {
  readonly psnr: number;
  readonly ssim: number;
  readonly bce: number;
  readonly mse: number;
}

interface Shape {
  readonly rows: number;
  readonly columns: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The scores of an output relative to the clean image, both [rows, columns]. */
export function scoresOf(output: readonly number[], clean: readonly number[], shape: Shape): Scores {
  const pairs = output.map((y, pixel) => [y, clean[pixel] ?? Number.NaN] as const);
  const mse = mean(pairs.map(([y, x]) => (y - x) ** 2));
  const bce = mean(
    pairs.map(([y, x]) => {
      const inside = Math.min(Math.max(y, 1e-7), 1 - 1e-7);
      return -x * Math.log(inside) - (1 - x) * Math.log(1 - inside);
    }),
  );
  return { psnr: -10 * Math.log10(mse), ssim: ssimOf(output, clean, shape), bce, mse };
}

/** Structural similarity with the whole 11 x 11 window at each position (Wang et al. 2004, sections III.B and III.C). */
function ssimOf(output: readonly number[], clean: readonly number[], { rows, columns }: Shape): number {
  const weights = Array.from({ length: 121 }, (_, index) =>
    Math.exp(-((Math.floor(index / 11) - 5) ** 2 + ((index % 11) - 5) ** 2) / (2 * 1.5 ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const each: number[] = [];
  for (let top = 0; top + 11 <= rows; top++) {
    for (let left = 0; left + 11 <= columns; left++) {
      const over = (value: (pixel: number) => number) =>
        weights.reduce((sum, weight, index) => {
          const pixel = (top + Math.floor(index / 11)) * columns + left + (index % 11);
          return sum + (weight / total) * value(pixel);
        }, 0);
      const y = (pixel: number) => output[pixel] ?? Number.NaN;
      const x = (pixel: number) => clean[pixel] ?? Number.NaN;
      const [meanY, meanX] = [over(y), over(x)];
      const varianceY = over((pixel) => (y(pixel) - meanY) ** 2);
      const varianceX = over((pixel) => (x(pixel) - meanX) ** 2);
      const covariance = over((pixel) => (y(pixel) - meanY) * (x(pixel) - meanX));
      each.push(
        ((2 * meanY * meanX + 1e-4) * (2 * covariance + 9e-4)) /
          ((meanY ** 2 + meanX ** 2 + 1e-4) * (varianceY + varianceX + 9e-4)),
      );
    }
  }
  return mean(each);
}

/** Smoothing with a Gaussian window of 4 sigma, the image mirrored at its edges, with the whole window at each pixel; clipped to [0, 1]. */
export function smoothed(image: readonly number[], { rows, columns }: Shape, sigma: number): number[] {
  const reach = Math.floor(4 * sigma + 0.5);
  const mirror = (place: number, length: number) => {
    const within = ((place % (2 * length)) + 2 * length) % (2 * length);
    return within < length ? within : 2 * length - 1 - within;
  };
  return image.map((_, pixel) => {
    let [sum, total] = [0, 0];
    for (let down = -reach; down <= reach; down++) {
      for (let right = -reach; right <= reach; right++) {
        const weight = Math.exp(-(down ** 2 + right ** 2) / (2 * sigma ** 2));
        const row = mirror(Math.floor(pixel / columns) + down, rows);
        const column = mirror((pixel % columns) + right, columns);
        sum += weight * (image[row * columns + column] ?? Number.NaN);
        total += weight;
      }
    }
    return Math.min(Math.max(sum / total, 0), 1);
  });
}
