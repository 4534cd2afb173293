import type { Gpu } from "../gpu/gpu.ts";
import type { Profiler } from "../gpu/profiler.ts";
import { readBack } from "../gpu/readback.ts";
import { submit } from "../gpu/submit.ts";
import type { Family } from "../kernels/family.ts";
import { noTrouble, shuffleUniform } from "../kernels/uniforms.ts";
import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";
import { initialWeights } from "../network/initial-weights.ts";
import type { LayerWeights, Model, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/training.ts";
import { chooseFamily } from "./choose-family.ts";
import { DivergenceError } from "./divergence-error.ts";
import type { FamilyMemory } from "./family-memory.ts";
import type { EpochReport } from "./history.ts";
import { ImageMetrics } from "./image-metrics.ts";
import { Pacer } from "./pacer.ts";
import { type Preview, readPreview } from "./preview.ts";
import { checkRun, type RunData } from "./run-data.ts";
import { createRunResources, type RunResources, type SweepWork } from "./run-resources.ts";

/** Where a run stands. */
export interface Progress {
  /** Epochs done. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done of the epoch under way: training steps, then validation steps. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** What a single step came to. */
export interface StepReport {
  /** The epoch it belongs to, from 1. */
  readonly epoch: number;
  /** Its number within the epoch, from 1. */
  readonly step: number;
  /** The mean loss of its samples before the update. */
  readonly loss: number;
  /** The epoch's report, if this step was its last. */
  readonly epochReport?: EpochReport;
}

export interface TrainerOptions {
  /** Weights to start from instead of those that the seed gives. */
  readonly initial?: readonly LayerWeights[];
  readonly profiler?: Profiler | undefined;
  /** How products are computed, instead of the way that proves fastest. */
  readonly family?: Family | undefined;
  /** What images may take on the device, in bytes, before they are streamed through it; 1 GiB if left out. */
  readonly imageBytes?: number | undefined;
  /** Where the fastest way is remembered. */
  readonly memory?: FamilyMemory | undefined;
}

/**
 * Trains one network on the GPU. All state stays on the device: a step uploads nothing and reads nothing back, and an
 * epoch is read back once. The methods are not to be called while another of them is under way.
 */
export class Trainer {
  readonly spec: TrainingSpec;
  readonly network: NetworkSpec;
  /** How products are computed in this run. */
  readonly family: Family;
  readonly #gpu: Gpu;
  readonly #run: RunResources;
  readonly #pacer: Pacer;
  readonly #profiler: Profiler | undefined;
  #epoch = 0;
  #step = 0;
  #seconds = 0;

  private constructor(
    gpu: Gpu,
    spec: TrainingSpec,
    network: NetworkSpec,
    family: Family,
    run: RunResources,
    profiler?: Profiler,
  ) {
    this.#gpu = gpu;
    this.spec = spec;
    this.network = network;
    this.family = family;
    this.#run = run;
    this.#pacer = new Pacer(gpu);
    this.#profiler = profiler;
  }

  /** Checks the settings against the images and builds the run; throws an InputError or a GpuError, nothing trained. */
  static async create(
    gpu: Gpu,
    spec: TrainingSpec,
    data: RunData,
    options: TrainerOptions = {},
  ): Promise<Trainer> {
    const network = checkRun(spec, data);
    const family = options.family ?? (await chooseFamily(gpu, spec, network, options.memory));
    const run = await createRunResources(gpu, spec, network, data, {
      family,
      imageBytes: options.imageBytes,
    });
    try {
      run.buffers.network.write(options.initial ?? initialWeights(network, spec.seed, spec.initialization));
    } catch (error) {
      run.destroy();
      throw error;
    }
    return new Trainer(gpu, spec, network, family, run, options.profiler);
  }

  /** Images of an epoch: those trained on, and those that the validation looks at. */
  get imageCounts(): { readonly train: number; readonly validation: number } {
    const { training, validation } = this.#run;
    return { train: training.sweep.count, validation: validation.sweep.count };
  }

  get progress(): Progress {
    const { training, validation } = this.#run;
    return {
      epoch: this.#epoch,
      epochs: this.spec.epochs,
      step: this.#step,
      stepsPerEpoch: training.sweep.steps + validation.sweep.steps,
    };
  }

  /**
   * Trains until the last epoch is done, giving each epoch's report as it ends. When `signal` is aborted it stops after
   * the steps under way; called again, it goes on from there. `onProgress` is told of every submit.
   * Throws a DivergenceError when a number stopped being finite.
   */
  async *epochs(
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): AsyncGenerator<EpochReport> {
    while (this.#epoch < this.spec.epochs) {
      const report = await this.#finishEpoch(signal, onProgress);
      if (!report) return;
      yield report;
    }
  }

  /** Does one training step, and the validation if it was the epoch's last; nothing once all epochs are done. */
  async step(): Promise<StepReport | undefined> {
    if (this.#epoch >= this.spec.epochs) return undefined;
    const { sweep } = this.#run.training;
    await this.#timed(async () => {
      await this.#startEpoch();
      if (this.#step < sweep.steps) await this.#submit(this.#run.training, 1);
      await this.#pacer.drained();
    });
    const epoch = this.#epoch + 1;
    const step = Math.min(this.#step, sweep.steps);
    const first = (step - 1) * this.spec.batch;
    const [bytes] = await readBack(this.#gpu, [
      sweep.metricsRegion(first, Math.min(sweep.count, first + this.spec.batch)),
    ]);
    const loss = new ImageMetrics(new Float32Array(bytes)).loss();
    const epochReport = this.#step >= sweep.steps ? await this.#finishEpoch() : undefined;
    return { epoch, step, loss, ...(epochReport && { epochReport }) };
  }

  /** Reads the weights back. */
  weights(): Promise<Model> {
    return this.#run.buffers.network.read();
  }

  /** Denoises validation images, by their numbers, with the weights as they are. */
  preview(images: readonly number[]): Promise<Preview> {
    return readPreview(this.#gpu, this.#run, images);
  }

  destroy(): void {
    this.#run.destroy();
  }

  /** Does what is left of the epoch and reads it back; nothing if `signal` is aborted before its end. */
  async #finishEpoch(
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<EpochReport | undefined> {
    const { training, validation } = this.#run;
    const finished = await this.#timed(async () => {
      await this.#startEpoch();
      const end = training.sweep.steps + validation.sweep.steps;
      while (this.#step < end && !signal?.aborted) {
        const work = this.#step < training.sweep.steps ? training : validation;
        await this.#submit(work, this.#pacer.allowance);
        onProgress?.(this.progress);
      }
      await this.#pacer.drained();
      return this.#step === end;
    });
    return finished ? this.#closeEpoch() : undefined;
  }

  /** Sets both sweeps to their first step and shuffles, unless the epoch is under way. */
  async #startEpoch(): Promise<void> {
    await this.#pacer.calibrate();
    if (this.#step > 0) return;
    const { buffers, training, validation, shuffle } = this.#run;
    const { seed, fixedNoise } = this.spec;
    buffers.startEpoch(this.#epoch);
    training.sweep.rewind(fixedNoise ? 0 : this.#epoch);
    validation.sweep.rewind(0);
    const inFileOrder = (position: number) => position;
    const shuffled = permutation(training.sweep.count, seed, streams.shuffle, this.#epoch);
    const imageAt = shuffle ? (position: number) => permute(shuffled, position) : inFileOrder;
    training.images.rewind({ count: training.sweep.count, imageAt, epoch: this.#epoch });
    validation.images.rewind({ count: validation.sweep.count, imageAt: inFileOrder, epoch: 0 });
    if (shuffle) {
      const uniform = shuffleUniform(training.sweep.count, seed, this.#epoch);
      this.#gpu.device.queue.writeBuffer(shuffle.uniform, 0, uniform);
      submit(this.#gpu, [shuffle.dispatch]);
    }
  }

  /** Submits up to `most` steps: as many as the sweep has left, and no more than the images on the device serve. */
  async #submit({ sweep, images, dispatches }: SweepWork, most: number): Promise<void> {
    const { training } = this.#run;
    const first = sweep === training.sweep ? this.#step : this.#step - training.sweep.steps;
    const window = Math.floor(first / images.stepsPerWindow);
    const times = Math.min(most, Math.min(sweep.steps, (window + 1) * images.stepsPerWindow) - first);
    await images.ready(window);
    submit(this.#gpu, dispatches[window % dispatches.length] ?? [], times, this.#profiler);
    images.prefetch(window);
    this.#step += times;
    await this.#pacer.submitted(times);
    await this.#profiler?.collect();
  }

  async #closeEpoch(): Promise<EpochReport> {
    const { training, validation } = this.#run;
    const started = performance.now();
    const [train, validate, cursor] = await readBack(this.#gpu, [
      training.sweep.metricsRegion(),
      validation.sweep.metricsRegion(),
      { buffer: training.sweep.cursor, bytes: 12 },
    ]);
    const trained = new ImageMetrics(new Float32Array(train));
    const validated = new ImageMetrics(new Float32Array(validate));
    const stepLosses = trained.stepLosses(this.spec.batch);
    const [, , trouble = noTrouble] = new Uint32Array(cursor);
    const record = {
      epoch: this.#epoch + 1,
      loss: trained.loss(),
      valLoss: validated.loss(),
      valPsnr: validated.psnr(),
      seconds: this.#seconds + (performance.now() - started) / 1000,
    };
    if (trouble !== noTrouble || !Number.isFinite(record.loss) || !Number.isFinite(record.valLoss)) {
      // What shows in the validation alone came of the last step.
      const lossStep = stepLosses.findIndex((loss) => !Number.isFinite(loss));
      const first = Math.min(trouble, lossStep < 0 ? noTrouble : lossStep, training.sweep.steps - 1);
      throw new DivergenceError(record.epoch, first + 1);
    }
    this.#epoch += 1;
    this.#step = 0;
    this.#seconds = 0;
    return { record, stepLosses };
  }

  /** Adds the time that `work` takes to the epoch's. */
  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#seconds += (performance.now() - started) / 1000;
    }
  }
}
