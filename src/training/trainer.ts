import type { Profiler } from "../device/device.ts";
import type { Family } from "../kernels/family.ts";
import { foldCentre } from "../network/centre.ts";
import type { LayerWeights, Model, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import { divergenceIn } from "./divergence.ts";
import type { DivergenceError } from "./divergence-error.ts";
import type { EpochReport } from "./history.ts";
import type { Preview } from "./preview.ts";
import { RunCourse } from "./run-course.ts";
import type { RunEngine } from "./run-engine.ts";
import { checkRunState, type RunExtent, type RunState } from "./run-state.ts";

/** The progress of a run. */
export interface Progress {
  /** Epochs done. */
  readonly epoch: number;
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Steps done of the current epoch: training steps, then validation steps. */
  readonly step: number;
  /** Training steps and validation steps of an epoch. */
  readonly stepsPerEpoch: number;
}

/** The result of a single step. */
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

/** The start of a run. */
export interface TrainerOptions {
  /** Initial weights, instead of random ones from the seed. */
  readonly initial?: readonly LayerWeights[] | undefined;
  /** A state to continue from; `initial` is ignored then. */
  readonly state?: RunState | undefined;
}

/** Trains one network; created by trainOn. No method may be called while another one runs. */
export class Trainer {
  readonly spec: TrainingSpec;
  readonly network: NetworkSpec;
  readonly #run: RunEngine;
  readonly #course = new RunCourse();
  /** The epoch that the sweeps are set to. */
  #preparedEpoch: number | undefined;
  /** Ends the run: later results would be wrong. */
  #divergence: DivergenceError | undefined;

  /**
   * Takes ownership of `run`, whose weights are the initial ones; throws an InputError for a state that does not
   * match it.
   */
  constructor(run: RunEngine, spec: TrainingSpec, network: NetworkSpec, state?: RunState) {
    this.#run = run;
    this.spec = spec;
    this.network = network;
    if (!state) return;
    checkRunState(state, network, this.#extent);
    run.writeState(state);
    this.#course.resume(state);
  }

  /** The implementation of products in this run; undefined on the CPU, which has only one. */
  get family(): Family | undefined {
    return this.#run.family;
  }

  /** The profiler of launches, if it was requested and is available. */
  get profiler(): Profiler | undefined {
    return this.#run.profiler;
  }

  /** Images of an epoch, for training and for validation. */
  get imageCounts(): { readonly train: number; readonly validation: number } {
    return { train: this.#run.training.count, validation: this.#run.validation.count };
  }

  get progress(): Progress {
    const { training, validation } = this.#run;
    const { epoch, step } = this.#course;
    return { epoch, epochs: this.spec.epochs, step, stepsPerEpoch: training.steps + validation.steps };
  }

  /** Prepares for steps, for example by compiling kernels, if not done yet; other methods may be called meanwhile. */
  prepare(): Promise<void> {
    return this.#run.prepare();
  }

  /**
   * Trains until the last epoch is done and yields each epoch's report when it ends. When `signal` is aborted, it
   * stops after the current steps; called again, it continues from there. `onProgress` is called every few
   * milliseconds. Throws a DivergenceError when a number is no longer finite, or the loss explodes.
   */
  epochs(signal?: AbortSignal, onProgress?: (progress: Progress) => void): AsyncGenerator<EpochReport> {
    return this.#course.finishEpochs(this.spec.epochs, () => this.#finishEpoch(signal, onProgress));
  }

  /**
   * Does one training step, and the validation if it was the epoch's last one; does nothing if all epochs are done.
   */
  async step(): Promise<StepReport | undefined> {
    if (this.#course.epoch >= this.spec.epochs) return undefined;
    const { steps } = this.#run.training;
    const step = Math.min(this.#course.step + 1, steps);
    await this.#advance(step);
    const epoch = this.#course.epoch + 1;
    const loss = await this.#run.stepLoss(step - 1);
    const epochReport = this.#course.step >= steps ? await this.#finishEpoch() : undefined;
    return { epoch, step, loss, ...(epochReport && { epochReport }) };
  }

  /** Does the steps of the current epoch before `step`, training steps and then validation steps. */
  advanceTo(step: number): Promise<void> {
    return this.#advance(Math.min(step, this.progress.stepsPerEpoch));
  }

  /** The current weights, for images that are not centred. */
  async weights(): Promise<Model> {
    const layers = await this.#run.weights();
    return { network: this.network, layers: foldCentre(layers, inputCentre(this.spec)) };
  }

  /**
   * The state of the run after the steps so far. Throws a DivergenceError if a number is no longer finite: a state is
   * always valid.
   */
  async state(): Promise<RunState> {
    if (this.#divergence) throw this.#divergence;
    return this.#run.readState(this.#course.place, this.#extent);
  }

  /** Denoises validation images, by number, with the current weights. */
  async preview(images: readonly number[]): Promise<Preview> {
    return this.#run.preview(images);
  }

  destroy(): void {
    this.#run.destroy();
  }

  get #extent(): RunExtent {
    const { epochs, batch } = this.spec;
    const { train: training, validation } = this.imageCounts;
    return { epochs, batch, images: { training, validation } };
  }

  /** Does the rest of the epoch; undefined if `signal` is aborted before its end. */
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
    await this.#run.prepare();
    await this.#course.timed(async () => {
      while (this.#course.step < end && !signal?.aborted) {
        if (this.#divergence) throw this.#divergence;
        await this.#startEpoch();
        const { step } = this.#course;
        this.#course.step += await this.#run.advance(step, end - step);
        onProgress?.(this.progress);
      }
      await this.#run.settle();
    });
  }

  async #startEpoch(): Promise<void> {
    const { place } = this.#course;
    if (this.#preparedEpoch === place.epoch) return;
    await this.#run.startEpoch(place);
    this.#preparedEpoch = place.epoch;
  }

  async #closeEpoch(): Promise<EpochReport> {
    if (this.#divergence) throw this.#divergence;
    const { training, validation, trouble } = await this.#course.timed(() => this.#run.metrics());
    const report = this.#course.report(training, validation, this.spec.batch);
    this.#divergence = divergenceIn(report, this.spec.loss, trouble);
    if (this.#divergence) throw this.#divergence;
    this.#course.startNextEpoch();
    return report;
  }
}
