import type { Gpu } from "../gpu/gpu.ts";
import type { Profiler } from "../gpu/profiler.ts";
import { readBack } from "../gpu/readback.ts";
import { submit } from "../gpu/submit.ts";
import type { Family } from "../kernels/family.ts";
import { shuffleUniform } from "../kernels/uniforms.ts";
import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";
import { foldCentre } from "../network/centre.ts";
import type { LayerWeights, Model, NetworkSpec } from "../spec/network.ts";
import { inputCentre, type TrainingSpec } from "../spec/training.ts";
import { chooseFamily } from "./choose-family.ts";
import { firstTrouble, readRunState, writeRunState } from "./device-state.ts";
import { divergenceIn } from "./divergence.ts";
import type { FamilyMemory } from "./family-memory.ts";
import type { EpochReport } from "./history.ts";
import { ImageMetrics } from "./image-metrics.ts";
import { Pacer } from "./pacer.ts";
import { type Preview, readPreview } from "./preview.ts";
import { RunCourse } from "./run-course.ts";
import { checkRun, type RunData } from "./run-data.ts";
import { createRunResources, type EpochWork, type RunResources, type SweepWork } from "./run-resources.ts";
import { checkRunState, type RunExtent, type RunState } from "./run-state.ts";
import { startingWeights } from "./starting-weights.ts";

/** Where a run stands. */
export interface Progress {
  /** Epochs done. */
  readonly epoch: number;
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Steps done of the epoch under way: training steps, then validation steps. */
  readonly step: number;
  /** Training steps and validation steps of an epoch. */
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
  /** Where to go on; `initial` is of no account then. */
  readonly state?: RunState | undefined;
  readonly profiler?: Profiler | undefined;
  /** How products are computed, instead of the way that proves fastest. */
  readonly family?: Family | undefined;
  /** What images may take on the device, in bytes, before they are streamed through it; 1 GiB if left out. */
  readonly imageBytes?: number | undefined;
  /** Where the fastest way is remembered. */
  readonly memory?: FamilyMemory | undefined;
  /** Whether the kernels of a step are left for `prepare`, or the first step. */
  readonly compileLater?: boolean | undefined;
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
  readonly #course = new RunCourse();
  /** The epoch that the sweeps are set to. */
  #preparedEpoch: number | undefined;

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
      compileLater: options.compileLater,
    });
    try {
      const trainer = new Trainer(gpu, spec, network, family, run, options.profiler);
      const initial = startingWeights(network, spec, options.initial);
      if (options.state) trainer.#resume(options.state);
      else run.buffers.network.write(initial);
      return trainer;
    } catch (error) {
      run.destroy();
      throw error;
    }
  }

  /** Images of an epoch: those trained on, and those that the validation looks at. */
  get imageCounts(): { readonly train: number; readonly validation: number } {
    const { training, validation } = this.#run;
    return { train: training.sweep.count, validation: validation.sweep.count };
  }

  get progress(): Progress {
    const { training, validation } = this.#run;
    const { epoch, step } = this.#course;
    const stepsPerEpoch = training.sweep.steps + validation.sweep.steps;
    return { epoch, epochs: this.spec.epochs, step, stepsPerEpoch };
  }

  /** Compiles the kernels of a step, unless that is done; other methods may be called meanwhile. */
  async prepare(): Promise<void> {
    await this.#run.epochWork();
  }

  /**
   * Trains until the last epoch is done, giving each epoch's report as it ends. When `signal` is aborted it stops after
   * the steps under way; called again, it goes on from there. `onProgress` is told of every submit.
   * Throws a DivergenceError when a number stopped being finite, or the loss exploded.
   */
  epochs(signal?: AbortSignal, onProgress?: (progress: Progress) => void): AsyncGenerator<EpochReport> {
    return this.#course.finishEpochs(this.spec.epochs, () => this.#finishEpoch(signal, onProgress));
  }

  /** Does one training step, and the validation if it was the epoch's last; nothing once all epochs are done. */
  async step(): Promise<StepReport | undefined> {
    if (this.#course.epoch >= this.spec.epochs) return undefined;
    const { sweep } = this.#run.training;
    await this.#advance(Math.min(this.#course.step + 1, sweep.steps));
    const epoch = this.#course.epoch + 1;
    const step = Math.min(this.#course.step, sweep.steps);
    const first = (step - 1) * this.spec.batch;
    const [bytes] = await readBack(this.#gpu, [
      sweep.metricsRegion(first, Math.min(sweep.count, first + this.spec.batch)),
    ]);
    const loss = new ImageMetrics(new Float32Array(bytes)).loss();
    const epochReport = this.#course.step >= sweep.steps ? await this.#finishEpoch() : undefined;
    return { epoch, step, loss, ...(epochReport && { epochReport }) };
  }

  /** Does the steps of the epoch under way that come before `step`, training steps and then validation steps. */
  advanceTo(step: number): Promise<void> {
    return this.#advance(Math.min(step, this.progress.stepsPerEpoch));
  }

  /** Reads the weights back. */
  async weights(): Promise<Model> {
    const { network, layers } = await this.#run.buffers.network.read();
    return { network, layers: foldCentre(layers, inputCentre(this.spec)) };
  }

  /** Reads back where the run stands. Throws a DivergenceError where a number is no longer finite: a state is always sound. */
  state(): Promise<RunState> {
    return readRunState(this.#gpu, this.#run, this.#course.place, this.#extent);
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
    const { stepsPerEpoch } = this.progress;
    await this.#advance(stepsPerEpoch, signal, onProgress);
    return this.#course.step === stepsPerEpoch ? this.#closeEpoch() : undefined;
  }

  /** Does steps of the epoch until `end` of them are done, or `signal` is aborted. */
  async #advance(
    end: number,
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<void> {
    const work = await this.#run.epochWork();
    const { training, validation } = work;
    await this.#course.timed(async () => {
      await this.#startEpoch(work);
      while (this.#course.step < end && !signal?.aborted) {
        const sweep = this.#course.step < training.sweep.steps ? training : validation;
        await this.#submit(sweep, Math.min(this.#pacer.allowance, end - this.#course.step));
        onProgress?.(this.progress);
      }
      await this.#pacer.drained();
    });
  }

  get #extent(): RunExtent {
    const { epochs, batch } = this.spec;
    const { train: training, validation } = this.imageCounts;
    return { epochs, batch, images: { training, validation } };
  }

  /** Goes on where another trainer stood. */
  #resume(state: RunState): void {
    checkRunState(state, this.network, this.#extent);
    writeRunState(this.#gpu, this.#run, state);
    this.#course.resume(state);
  }

  /** Sets both sweeps to the epoch's order and noise and to the step that is next, unless they are. */
  async #startEpoch({ shuffle }: EpochWork): Promise<void> {
    await this.#pacer.calibrate();
    const { epoch, step } = this.#course;
    if (this.#preparedEpoch === epoch) return;
    const { buffers, training, validation } = this.#run;
    const { seed, fixedNoise } = this.spec;
    buffers.startEpoch(epoch);
    const trained = Math.min(step, training.sweep.steps);
    training.sweep.rewind(fixedNoise ? 0 : epoch, trained);
    validation.sweep.rewind(0, step - trained);
    const inFileOrder = (position: number) => position;
    const shuffled = permutation(training.sweep.count, seed, streams.shuffle, epoch);
    const imageAt = shuffle ? (position: number) => permute(shuffled, position) : inFileOrder;
    training.images.rewind({ count: training.sweep.count, imageAt, epoch });
    validation.images.rewind({ count: validation.sweep.count, imageAt: inFileOrder, epoch: 0 });
    if (shuffle) {
      const uniform = shuffleUniform(training.sweep.count, seed, epoch);
      this.#gpu.device.queue.writeBuffer(shuffle.uniform, 0, uniform);
      submit(this.#gpu, [shuffle.dispatch]);
    }
    this.#preparedEpoch = epoch;
  }

  /** Submits up to `most` steps: as many as the sweep has left, and no more than the images on the device serve. */
  async #submit({ sweep, images, dispatches }: SweepWork, most: number): Promise<void> {
    const { training } = this.#run;
    const { step } = this.#course;
    const first = sweep === training.sweep ? step : step - training.sweep.steps;
    const window = Math.floor(first / images.stepsPerWindow);
    const times = Math.min(most, Math.min(sweep.steps, (window + 1) * images.stepsPerWindow) - first);
    await images.ready(window);
    submit(this.#gpu, dispatches[window % dispatches.length] ?? [], times, this.#profiler);
    images.prefetch(window);
    this.#course.step += times;
    await this.#pacer.submitted(times);
    await this.#profiler?.collect();
  }

  async #closeEpoch(): Promise<EpochReport> {
    const { training, validation } = this.#run;
    const { batch, loss } = this.spec;
    const [train, validate, cursor] = await this.#course.timed(() =>
      readBack(this.#gpu, [
        training.sweep.metricsRegion(),
        validation.sweep.metricsRegion(),
        training.sweep.cursorRegion,
      ]),
    );
    const trained = new ImageMetrics(new Float32Array(train));
    const validated = new ImageMetrics(new Float32Array(validate));
    const report = this.#course.report(trained, validated, batch);
    const divergence = divergenceIn(report, loss, firstTrouble(cursor));
    if (divergence) throw divergence;
    this.#course.startNextEpoch();
    return report;
  }
}
