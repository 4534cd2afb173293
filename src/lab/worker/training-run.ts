import { transfer } from "comlink";
import type { EngineTrainer } from "../../engine/engine.ts";
import { DivergenceError } from "../../training/divergence-error.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { Pictures } from "../images/protocol.ts";
import { comparedWith } from "../images/summary.ts";
import type { SampleScores, TrainingEvent, TrainingListener } from "../protocol.ts";
import type { CheckpointKeeper, GoodState } from "./checkpoints.ts";
import type { AvailableImages } from "./images.ts";
import { ModelTeller, SampleScorer } from "./run-reports.ts";

/** Milliseconds from one report of the progress to the next. */
const reportInterval = 100;

/** Milliseconds from one picture to the next if epochs are short: users cannot see more frequent changes. */
const shortestLook = 50;

/** Milliseconds after which an epoch is interrupted for a picture, so that long epochs show progress too. */
const longestLook = 1000;

interface TrainingRunParts {
  readonly trainer: EngineTrainer;
  readonly images: AvailableImages;
  /** The validation images to show at first. */
  readonly shown: readonly number[];
  readonly keeper: CheckpointKeeper;
  readonly listener: TrainingListener;
}

/** What a run checks between its steps. */
interface TrainingManners {
  /** Whether it is to continue after the current epoch. */
  readonly goesOn: () => boolean;
  /** Whether other work waits for it. */
  readonly givesWay: () => boolean;
}

/** A run, and its reports to the page. Its promises must not overlap, because the trainer's must not. */
export class TrainingRun {
  readonly trainer: EngineTrainer;
  readonly images: AvailableImages;
  /** The validation images that are shown from the next preview on. */
  shown: readonly number[];
  /** Settled when the first step can start at once; `prepare` must be called for that. */
  readonly prepared: Promise<void>;
  readonly #keeper: CheckpointKeeper;
  readonly #listener: TrainingListener;
  /** Undefined if there are no clean images to compare the output with. */
  readonly #scorer: SampleScorer | undefined;
  readonly #modelTeller: ModelTeller;
  #tellPrepared = () => {};
  /** Interrupts the current epoch: to pause, or to send pictures and continue. */
  #interruption = new AbortController();
  #preparing: Promise<void> | undefined;
  #reported = 0;
  #looked = 0;
  #diverged = false;

  constructor({ trainer, images, shown, keeper, listener }: TrainingRunParts) {
    this.trainer = trainer;
    this.images = images;
    this.shown = shown;
    this.prepared = new Promise((resolve) => {
      this.#tellPrepared = resolve;
    });
    this.#keeper = keeper;
    this.#listener = listener;
    const tellScores = (scores: SampleScores) => this.#tell({ kind: "scores", scores });
    if (comparedWith(trainer.spec) !== "nothing")
      this.#scorer = new SampleScorer(trainer, images.summary, tellScores, () => this.prepared);
    this.#modelTeller = new ModelTeller(trainer, (model) =>
      this.#tell(transfer({ kind: "model", model } as const, [model.bytes.buffer])),
    );
  }

  get unfinished(): boolean {
    const { epoch, epochs } = this.trainer.progress;
    return epoch < epochs;
  }

  /** The state from which the run can continue after an error; undefined if there is none yet. */
  get lastGood(): GoodState | undefined {
    return this.#keeper.lastGood(this.#diverged);
  }

  /** Prepares the first step; settled when it can start at once. Errors are reported by that step. */
  prepare(): Promise<void> {
    this.#preparing ??= Promise.resolve(this.trainer.prepare?.())
      .catch(() => {})
      .then(this.#tellPrepared);
    return this.#preparing;
  }

  /**
   * Reports the run before it trains. Returns the scores of a run that continues: if they were sent as an event, the page would
   * attribute them to its old run. The scores of a new run are sent when they are computed.
   */
  async begin(): Promise<SampleScores | undefined> {
    await this.look();
    let scores: SampleScores | undefined;
    if (this.trainer.progress.epoch > 0) {
      await this.prepare();
      scores = await this.#scorer?.scoresNow();
    } else await this.#scorer?.score();
    await this.report();
    return scores;
  }

  /** Trains until the last epoch is done or an interruption ends the current one. */
  async train(manners: TrainingManners): Promise<void> {
    void this.prepare();
    try {
      await this.#train(manners);
    } catch (error) {
      this.#giveUp(error);
      throw error;
    }
  }

  /** Ends `train` after the submitted steps. */
  interrupt(): void {
    this.#interruption.abort();
  }

  /** Does one training step. */
  async step(): Promise<void> {
    void this.prepare();
    const ended = (await this.trainer.step())?.epochReport;
    if (ended) this.#tellEpoch(ended.record);
    await this.look();
    if (ended) await this.#scorer?.scoreNow();
    if (ended) await this.#modelTeller.tellNow();
    if (this.unfinished) await this.#keeper.save();
    await this.report();
  }

  /** Sends pictures of the images to show, and again if others were chosen meanwhile. */
  async look(): Promise<void> {
    let images: readonly number[];
    do {
      images = this.shown;
      if (images.length === 0) return;
      this.#tellPictures(images, await this.trainer.preview(images));
    } while (images !== this.shown);
    const { profiler } = this.trainer;
    if (profiler) this.#tell({ kind: "kernels", kernels: profiler.table() });
    this.#looked = performance.now();
  }

  /** Sends the current weights, if an epoch is done. */
  async tellModel(): Promise<void> {
    await this.#modelTeller.tellNow();
    await this.report();
  }

  /** Saves the run in its current state, unless it is finished or has diverged. */
  async save(): Promise<void> {
    if (this.unfinished && !this.#diverged) await this.#keeper.saveNow();
    await this.#keeper.stored();
  }

  /** Sends the progress. It resolves when the page has received this event and all earlier ones. */
  async report(): Promise<void> {
    this.#reported = performance.now();
    await this.#listener({ kind: "progress", progress: this.trainer.progress });
  }

  /** Frees the run's buffers on the device, and releases its lock for other tabs. */
  async destroy(): Promise<void> {
    this.#tellPrepared();
    this.#scorer?.stop();
    this.trainer.destroy();
    await this.#keeper.leave();
  }

  async #train({ goesOn, givesWay }: TrainingManners): Promise<void> {
    this.#interruption = new AbortController();
    const epochs = this.trainer.epochs(this.#interruption.signal, () => this.#watch(givesWay));
    for await (const { record } of epochs) {
      this.#tellEpoch(record);
      if (performance.now() - this.#looked >= shortestLook) await this.look();
      await this.#scorer?.score();
      await this.#modelTeller.tell();
      if (this.unfinished) await this.#keeper.save();
    }
    await this.look();
    const stays = !goesOn() || !this.unfinished;
    if (stays && this.trainer.progress.step === 0) await this.#scorer?.scoreNow();
    if (stays) await this.#modelTeller.tellNow();
    if (!this.unfinished) await this.#keeper.stored();
    else if (stays) await this.#keeper.saveNow();
    else await this.#keeper.save();
  }

  /** Sends the last good weights of a run that diverged. */
  #giveUp(error: unknown): void {
    this.#diverged ||= error instanceof DivergenceError;
    const { lastGood } = this;
    if (this.#diverged && lastGood) this.#modelTeller.tellOf(lastGood.state);
  }

  #tellEpoch(record: EpochRecord): void {
    this.#keeper.record(record);
    this.#tell({ kind: "epoch", record });
  }

  /** Called after every submit of an epoch. */
  #watch(givesWay: () => boolean): void {
    const now = performance.now();
    if (givesWay() || now - this.#looked >= longestLook) this.interrupt();
    if (now - this.#reported >= reportInterval) void this.report();
  }

  #tellPictures(images: readonly number[], { clean, noisy, denoised }: Preview): void {
    const { rows, columns, labels } = this.images.summary;
    const shown = { images, labels: labels && images.map((image) => labels[image] ?? 0) };
    const pictures: Pictures = { ...shown, rows, columns, clean, noisy, denoised };
    const event: TrainingEvent = { kind: "pictures", pictures };
    this.#tell(transfer(event, [clean.buffer, noisy.buffer, denoised.buffer]));
  }

  #tell(event: TrainingEvent): void {
    void this.#listener(event);
  }
}

type Preview = Awaited<ReturnType<EngineTrainer["preview"]>>;
