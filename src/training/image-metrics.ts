import { psnr } from "../metrics/psnr.ts";

/** The metrics of each image of a sweep: [count, 2] = (loss, mean squared error), in visiting order. */
export class ImageMetrics {
  readonly #values: ArrayLike<number>;

  constructor(values: ArrayLike<number>) {
    this.#values = values;
  }

  get count(): number {
    return this.#values.length / 2;
  }

  /** The mean loss of the images from `first` up to, not including, `end`; summed in float64. */
  loss(first = 0, end = this.count): number {
    let sum = 0;
    for (let image = first; image < end; image++) sum += this.#values[2 * image] ?? Number.NaN;
    return sum / (end - first);
  }

  /** The loss of each step of `batch` images; the last may have fewer. */
  stepLosses(batch: number): number[] {
    return Array.from({ length: Math.ceil(this.count / batch) }, (_, step) =>
      this.loss(step * batch, Math.min(this.count, (step + 1) * batch)),
    );
  }

  /** The mean over the images of their PSNR in dB. */
  psnr(): number {
    let sum = 0;
    for (let image = 0; image < this.count; image++) sum += psnr(this.#values[2 * image + 1] ?? Number.NaN);
    return sum / this.count;
  }
}
