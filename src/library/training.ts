import type { Backend } from "../device/device.ts";
import type { EngineTrainer } from "../engine/engine.ts";
import type { Family } from "../kernels/family.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import type { EpochRecord, EpochReport } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import { Turns } from "../training/turns.ts";
import type { Compute } from "./compute.ts";
import { type DenoisingModel, placeModel } from "./denoising-model.ts";
import { Lifetime } from "./lifetime.ts";
import type { TrainingOptions } from "./training-options.ts";

/**
 * A training run. Iterating over it trains: each iteration of the loop is an epoch, until all are done or `signal` is
 * aborted. After a loop was left, a new loop continues from there; nothing is trained between iterations.
 */
export interface Training extends AsyncIterable<EpochRecord> {
  /** Every setting of the run, including the defaults. */
  readonly spec: TrainingSpec;
  /** The network in training. */
  readonly network: NetworkSpec;
  /** The backend in use. */
  readonly backend: Backend;
  /** The name of the GPU's adapter, or of the CPU with its threads. */
  readonly adapter: string;
  /** The reason for using the CPU although `backend` is not "cpu": one sentence. */
  readonly fallbackReason: string | undefined;
  /**
   * The implementation of matrix products; undefined on the CPU. Identical bits need the same kernels and adapter.
   */
  readonly kernels: Family | undefined;
  /** The progress of the run. */
  readonly progress: Progress;

  /**
   * Trains, and yields each epoch's record when it ends.
   *
   * @throws DivergenceError if a number is no longer finite, or the loss explodes.
   * @throws DeviceError if the GPU failed and no other is available.
   */
  [Symbol.asyncIterator](): AsyncGenerator<EpochRecord, void, undefined>;

  /**
   * The current network as a separate model: training continues independently, and the model is disposed separately.
   * In the middle of an epoch, the run pauses briefly, which does not change its result.
   *
   * @throws DivergenceError after the iteration threw one.
   */
  model(): Promise<DenoisingModel>;

  /** Frees the run's resources. A running iteration ends after the current steps. */
  dispose(): void;

  /** As `dispose`: `using training = await trainDenoiser(…)`. */
  [Symbol.dispose](): void;
}

/** A training with a trainer. It runs one method of the trainer at a time. */
export class DenoiserTraining implements Training {
  readonly spec: TrainingSpec;
  readonly backend: Backend;
  readonly adapter: string;
  readonly fallbackReason: string | undefined;
  readonly #trainer: EngineTrainer;
  readonly #compute: Compute;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #turns = new Turns();
  readonly #lifetime: Lifetime;
  #divergence: DivergenceError | undefined;

  /** Takes ownership of `trainer` and `compute`. */
  constructor(
    spec: TrainingSpec,
    trainer: EngineTrainer,
    compute: Compute,
    { signal, onProgress }: Pick<TrainingOptions, "signal" | "onProgress">,
  ) {
    this.spec = spec;
    this.backend = compute.engine.backend;
    this.adapter = compute.engine.adapter.name;
    this.fallbackReason = compute.fallbackReason;
    this.#trainer = trainer;
    this.#compute = compute;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.#lifetime = new Lifetime("The training", () => {
      trainer.destroy();
      compute.engine.close();
    });
  }

  get network(): NetworkSpec {
    return this.#trainer.network;
  }

  get kernels(): Family | undefined {
    return this.#trainer.family;
  }

  get progress(): Progress {
    return this.#trainer.progress;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EpochRecord, void, undefined> {
    while (!this.#isOver) {
      const report = await this.#inTurn(() => this.#advance());
      if (report) yield report.record;
    }
  }

  model(): Promise<DenoisingModel> {
    return this.#inTurn(async () => {
      if (this.#divergence) throw this.#divergence;
      const model = await this.#trainer.weights();
      return placeModel(model, await this.#compute.share(), this.spec);
    });
  }

  dispose(): void {
    this.#lifetime.end();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #isOver(): boolean {
    const { epoch, epochs } = this.#trainer.progress;
    return epoch >= epochs || this.#isStopped;
  }

  get #isStopped(): boolean {
    return this.#lifetime.ended || this.#signal?.aborted === true;
  }

  /** Trains to the end of the epoch and returns its report; undefined if it stops or is interrupted before. */
  async #advance(): Promise<EpochReport | undefined> {
    if (this.#isOver) return undefined;
    const pause = new AbortController();
    const onProgress = (progress: Progress) => {
      this.#onProgress?.(progress);
      if (this.#isStopped || this.#turns.waiting > 0) pause.abort();
    };
    try {
      for await (const report of this.#trainer.epochs(pause.signal, onProgress)) return report;
      return undefined;
    } catch (error) {
      if (error instanceof DivergenceError) this.#divergence = error;
      throw error;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#lifetime.during(() => this.#turns.take(work));
  }
}
