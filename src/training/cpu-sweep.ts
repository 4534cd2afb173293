import { permutation, permute } from "../math/permutation.ts";
import { type Stream, streams } from "../math/streams.ts";
import type { PictureShape } from "../reference/blur.ts";
import { corruptBatch } from "../reference/corrupt-batch.ts";
import type { RowErrors, Rows } from "../reference/network-in-training.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { CpuImages, Visited } from "./cpu-images.ts";
import { ImageMetrics } from "./image-metrics.ts";

/** Whose images a sweep visits, and in whose name they get their noise. */
export interface CpuSweepTask {
  readonly spec: TrainingSpec;
  readonly shape: PictureShape;
  readonly noiseStream: Stream;
  /** Noise2Noise: which twin is which is drawn. */
  readonly swap: boolean;
  /** The most pixels that images are moved by. */
  readonly shift: number;
}

/** A sweep through images on the CPU, a step at a time: in what order, with which noise, and what it measured. */
export class CpuSweep {
  readonly steps: number;
  /** (loss, mean squared error) of every image, in visiting order. */
  readonly #values: Float64Array<ArrayBuffer>;
  readonly #images: CpuImages;
  readonly #task: CpuSweepTask;
  #noiseEpoch = 0;

  constructor(images: CpuImages, task: CpuSweepTask) {
    this.#images = images;
    this.#task = task;
    this.steps = Math.ceil(images.count / task.spec.batch);
    this.#values = new Float64Array(2 * images.count);
  }

  get count(): number {
    return this.#images.count;
  }

  get metrics(): ImageMetrics {
    return new ImageMetrics(this.#values);
  }

  /** Goes to the first step, with the noise of `noiseEpoch`; shuffled as in `shuffleEpoch`, or in file order. */
  rewind(noiseEpoch: number, shuffleEpoch?: number): void {
    this.#noiseEpoch = noiseEpoch;
    if (shuffleEpoch === undefined) {
      this.#images.rewind((position) => position);
    } else {
      const shuffle = permutation(this.count, this.#task.spec.seed, streams.shuffle, shuffleEpoch);
      this.#images.rewind((position) => permute(shuffle, position));
    }
  }

  /** The images at positions `first` up to, not including, `end`, which belong to one step, with their noise. */
  async rows(first: number, end: number): Promise<Rows> {
    return this.#corrupted(await this.#images.visited(first, end));
  }

  /** Any images, by their numbers, with their noise. */
  async chosen(images: readonly number[]): Promise<Rows> {
    return this.#corrupted(await this.#images.chosen(Uint32Array.from(images)));
  }

  /** The metrics of the first `images`, (loss, mean squared error) of each. */
  recorded(images: number): Float64Array<ArrayBuffer> {
    return this.#values.slice(0, 2 * images);
  }

  /** Sets the metrics of the first images, in a run that is continued. */
  restore(recorded: ArrayLike<number>): void {
    this.#values.set(recorded);
  }

  /** Stores the metrics of the images from position `first` on. */
  record(first: number, { losses, squaredErrors }: RowErrors): void {
    losses.forEach((loss, row) => {
      this.#values[2 * (first + row)] = loss;
      this.#values[2 * (first + row) + 1] = squaredErrors[row] ?? Number.NaN;
    });
  }

  #corrupted({ chosen, bytes }: Visited): Rows {
    const { spec, shape, noiseStream: stream, swap, shift } = this.#task;
    const key = { seed: spec.seed, stream, epoch: this.#noiseEpoch };
    return corruptBatch({ ...bytes, swap, shift }, shape, chosen, spec.noise, key);
  }
}
