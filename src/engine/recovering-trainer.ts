import type { Backend, Device, Profiler } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import type { Family } from "../kernels/family.ts";
import { InputError } from "../spec/input-error.ts";
import type { Model, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { type DeviceTrainerOptions, trainOn } from "../training/device-run.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import type { EpochReport } from "../training/history.ts";
import type { Preview } from "../training/preview.ts";
import type { RunData } from "../training/run-data.ts";
import type { RunState } from "../training/run-state.ts";
import type { Progress, StepReport, Trainer } from "../training/trainer.ts";

/** The maximum number of device losses to recover from without a finished epoch between them. */
const mostLosses = 3;

/** Milliseconds to wait before each attempt to open another device: a driver needs time after a reset. */
const usualWaits = [0, 500, 1000, 2000] as const;

/**
 * The minimum interval between kept states in milliseconds; the same as a multiple of the time that keeping one
 * takes; and a limit on that multiple, for the case that keeping one stalled.
 */
const shortestInterval = 1000;
const intervalTimes = 20;
const longestInterval = 60_000;

export interface RecoveryOptions extends Omit<DeviceTrainerOptions, "profiler"> {
  /** Opens another adapter and device after a loss. */
  readonly open: () => Promise<Device>;
  /** Called with a sentence when training continues after a loss. */
  readonly onRecovery?: ((sentence: string) => void) | undefined;
  /** Creates a profiler for a device. */
  readonly profilerOf?: ((device: Device) => Profiler | undefined) | undefined;
  /** Milliseconds to wait before each attempt to open another device. */
  readonly waits?: readonly number[] | undefined;
  /** The minimum number of milliseconds between kept states. */
  readonly interval?: number | undefined;
}

/** A loss in words, by backend. */
const lossWords = {
  gpu: { loss: "The GPU was lost", noOther: "no other could be opened" },
  cpu: { loss: "The CPU's threads were lost", noOther: "no others could be started" },
} as const satisfies Record<Backend, object>;

/** Work that can be repeated after a loss. */
type Work<T> = (trainer: Trainer) => Promise<T>;

/**
 * A Trainer that outlives its device. It keeps the run's state in memory, about once a second and for no more than a
 * twentieth of the time. If the device is lost, it opens another, restores that state, repeats the lost work and
 * continues to the same bits, on the same adapter. Results of a lost device are never used. It gives up, with a
 * DeviceError, after the fourth loss without a completed epoch since the first, and if no other device can be opened.
 */
export class RecoveringTrainer {
  readonly spec: TrainingSpec;
  readonly #data: RunData;
  readonly #options: RecoveryOptions;
  #device: Device;
  #trainer: Trainer;
  #profiler: Profiler | undefined;
  #kept: RunState | undefined;
  #keptAt = performance.now();
  #keepingTook = 0;
  /** The last reported epoch. */
  #reported: number;
  /** The number of losses since the last finished epoch. */
  #losses = 0;
  #destroyed = false;

  private constructor(
    device: Device,
    trainer: Trainer,
    profiler: Profiler | undefined,
    data: RunData,
    options: RecoveryOptions,
  ) {
    this.spec = trainer.spec;
    this.#device = device;
    this.#trainer = trainer;
    this.#profiler = profiler;
    this.#data = data;
    this.#options = options;
    this.#kept = options.state;
    this.#reported = trainer.progress.epoch;
  }

  /** As trainOn. The caller owns `device`, but a device that was lost is closed here. */
  static async create(
    device: Device,
    spec: TrainingSpec,
    data: RunData,
    options: RecoveryOptions,
  ): Promise<RecoveringTrainer> {
    const profiler = options.profilerOf?.(device);
    try {
      const trainer = await trainOn(device, spec, data, { ...options, profiler });
      return new RecoveringTrainer(device, trainer, profiler, data, options);
    } catch (error) {
      profiler?.destroy();
      throw error;
    }
  }

  /** The device in use; another one after a loss. */
  get device(): Device {
    return this.#device;
  }

  get #words() {
    return lossWords[this.#device.backend];
  }

  /** The profiler of the device in use. */
  get profiler(): Profiler | undefined {
    return this.#profiler;
  }

  get network(): NetworkSpec {
    return this.#trainer.network;
  }

  get family(): Family | undefined {
    return this.#trainer.family;
  }

  get imageCounts(): Trainer["imageCounts"] {
    return this.#trainer.imageCounts;
  }

  /** Decreases after a loss, until the run catches up. */
  get progress(): Progress {
    return this.#trainer.progress;
  }

  /** The last kept state, which needs no device; undefined if only the start of the run is known. */
  get keptState(): RunState | undefined {
    return this.#kept;
  }

  /** As Trainer.prepare. */
  prepare(): Promise<void> {
    return this.#trainer.prepare();
  }

  /** As Trainer.epochs; every epoch is reported once. */
  async *epochs(
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): AsyncGenerator<EpochReport> {
    const next = (trainer: Trainer) => this.#nextReport(trainer, signal, onProgress);
    for (let report = await this.#recovering(next); report; report = await this.#recovering(next)) {
      this.#done(report);
      yield report;
    }
  }

  /** As Trainer.step. */
  async step(): Promise<StepReport | undefined> {
    const report = await this.#recovering((trainer) => trainer.step(), this.progress);
    if (report?.epochReport) this.#done(report.epochReport);
    if (this.#isTimeToKeep) await this.state();
    return report;
  }

  weights(): Promise<Model> {
    return this.#recovering((trainer) => trainer.weights(), this.progress);
  }

  preview(images: readonly number[]): Promise<Preview> {
    return this.#recovering((trainer) => trainer.preview(images), this.progress);
  }

  /** As Trainer.state; it is kept as well. */
  async state(): Promise<RunState> {
    const state = await this.#recovering((trainer) => this.#read(trainer), this.progress);
    this.#kept = state;
    return state;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#trainer.destroy();
    this.#profiler?.destroy();
  }

  /** Trains until an epoch is done that was not yet reported; undefined if `signal` is aborted before. */
  async #nextReport(
    trainer: Trainer,
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<EpochReport | undefined> {
    while (trainer.progress.epoch < this.spec.epochs && !signal?.aborted) {
      // Only after the epoch's report was returned; otherwise, a loss right afterwards would drop the report.
      if (this.#isTimeToKeep) this.#kept = await this.#read(trainer);
      const pause = new AbortController();
      const abort = () => pause.abort();
      signal?.addEventListener("abort", abort);
      try {
        const report = await firstOf(
          trainer.epochs(pause.signal, (progress) => {
            onProgress?.(progress);
            if (this.#isTimeToKeep) abort();
          }),
        );
        this.#device.assertAlive();
        if (report && report.record.epoch > this.#reported) return report;
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    }
    return undefined;
  }

  #done({ record }: EpochReport): void {
    this.#reported = record.epoch;
    this.#losses = 0;
  }

  get #isTimeToKeep(): boolean {
    const leisure = Math.min(longestInterval, intervalTimes * this.#keepingTook);
    return performance.now() - this.#keptAt >= Math.max(this.#options.interval ?? shortestInterval, leisure);
  }

  async #read(trainer: Trainer): Promise<RunState> {
    const started = performance.now();
    const state = await trainer.state();
    this.#device.assertAlive();
    this.#keptAt = performance.now();
    this.#keepingTook = this.#keptAt - started;
    return state;
  }

  /** Runs `work`, and repeats it on another device if the device is lost; from `place` on, if given. */
  async #recovering<T>(work: Work<T>, place?: Progress): Promise<T> {
    for (let loss: Error | undefined; ; ) {
      try {
        if (loss) await this.#rebuild();
        if (loss && place) await this.#catchUp(place);
        const result = await work(this.#trainer);
        // After a loss most promises still resolve.
        this.#device.assertAlive();
        return result;
      } catch (error) {
        if (this.#destroyed || !(error instanceof Error) || !(await this.#isLoss(error))) throw error;
        loss = error;
        this.#losses += 1;
        if (this.#losses > mostLosses) {
          const sentence = `${this.#words.loss} ${this.#losses} times without completing an epoch, so training was stopped.`;
          throw new DeviceError(sentence, "lost", error);
        }
      }
    }
  }

  async #isLoss(error: Error): Promise<boolean> {
    if (error instanceof InputError) return false;
    if (error instanceof DeviceError && error.kind !== "refused") return error.kind === "lost";
    if (error instanceof DivergenceError) return this.#device.lost;
    // Consequences of a loss may be reported before the loss itself.
    await this.#device.explainRejection().catch(() => {});
    return this.#device.lost;
  }

  /** Replaces a lost device and trainer with another device and a trainer in the kept state. */
  async #rebuild(): Promise<void> {
    const { family } = this;
    const { name: lostAdapter } = this.#device.adapter;
    this.#trainer.destroy();
    this.#profiler?.destroy();
    this.#profiler = undefined;
    this.#device.destroy();
    this.#device = await this.#reopen();
    this.#profiler = this.#options.profilerOf?.(this.#device);
    const options = { ...this.#options, family, profiler: this.#profiler, state: this.#kept };
    this.#trainer = await trainOn(this.#device, this.spec, this.#data, options);
    if (this.#destroyed) {
      this.destroy();
      throw new DeviceError("The training was ended.");
    }
    this.#options.onRecovery?.(`${this.#words.loss}; training continues from ${this.#place(lostAdapter)}.`);
  }

  /** "epoch 7, step 12", and the adapter if it is another one. */
  #place(lostAdapter: string): string {
    const { epoch, epochs, step } = this.progress;
    const { name } = this.#device.adapter;
    const underway = epoch < epochs ? `epoch ${epoch + 1}` : "its end";
    const place = step > 0 ? `${underway}, step ${step + 1}` : underway;
    return name === lostAdapter ? place : `${place}, on ${name}`;
  }

  async #reopen(): Promise<Device> {
    let fault: unknown;
    for (const wait of this.#options.waits ?? usualWaits) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        return await this.#options.open();
      } catch (error) {
        fault = error;
      }
    }
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new DeviceError(`${this.#words.loss}, and ${this.#words.noOther}: ${reason}`, "unavailable", fault);
  }

  /** Repeats the steps up to `place`. */
  async #catchUp({ epoch, step }: Progress): Promise<void> {
    const trainer = this.#trainer;
    while (trainer.progress.epoch < epoch) await firstOf(trainer.epochs());
    if (trainer.progress.step < step) await trainer.advanceTo(step);
  }
}

/** The first report, if there is one. */
async function firstOf(reports: AsyncGenerator<EpochReport>): Promise<EpochReport | undefined> {
  for await (const report of reports) return report;
  return undefined;
}
