import { transfer } from "comlink";
import { DivergenceError } from "../../training/divergence-error.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { Pictures, SampleScores, TrainingEvent, TrainingListener } from "../protocol.ts";
import type { CheckpointKeeper, GoodState } from "./checkpoints.ts";
import type { EngineTrainer } from "./engine.ts";
import type { AvailableImages } from "./images.ts";
import { ModelTeller, SampleScorer } from "./run-reports.ts";

/** Milliseconds from one report of the progress to the next. */
const reportInterval = 100;

/** Milliseconds from one picture to the next where epochs are short: more than the eye follows is lost work. */
const shortestLook = 50;

/** Milliseconds after which an epoch is interrupted for a picture, so that slow ones can be watched too. */
const longestLook = 1000;

interface TrainingRunParts {
  readonly trainer: EngineTrainer;
  readonly images: AvailableImages;
  /** The validation images to picture at first. */
  readonly shown: readonly number[];
  readonly keeper: CheckpointKeeper;
  readonly listener: TrainingListener;
}

/** What a run that trains asks between its steps. */
interface TrainingManners {
  /** Whether it is to train on after the epoch under way. */
  readonly goesOn: () => boolean;
  /** Whether other work waits for it. */
  readonly givesWay: () => boolean;
}

/** A run, and all that the page is told of it. Its promises must not overlap, for the trainer's must not. */
export class TrainingRun {
  readonly trainer: EngineTrainer;
  readonly images: AvailableImages;
  /** The validation images that are pictured from the next look on. */
  shown: readonly number[];
  /** Settled when the first step can be done at once, which someone must ask for. */
  readonly prepared: Promise<void>;
  readonly #keeper: CheckpointKeeper;
  readonly #listener: TrainingListener;
  readonly #scorer: SampleScorer;
  readonly #modelTeller: ModelTeller;
  #tellPrepared = () => {};
  /** Ends the epoch under way before its end: to pause, or to take a look at it and go on. */
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
    this.#scorer = new SampleScorer(
      trainer,
      images.summary,
      (scores) => this.#tell({ kind: "scores", scores }),
      () => this.prepared,
    );
    this.#modelTeller = new ModelTeller(trainer, (model) =>
      this.#tell(transfer({ kind: "model", model } as const, [model.bytes.buffer])),
    );
  }

  get unfinished(): boolean {
    const { epoch, epochs } = this.trainer.progress;
    return epoch < epochs;
  }

  /** Where the run can go on if it cannot as it stands; undefined as long as there is nothing to go on from. */
  get lastGood(): GoodState | undefined {
    return this.#keeper.lastGood(this.#diverged);
  }

  /** Prepares the first step; settled when it can be done at once. What goes wrong is told by that step. */
  prepare(): Promise<void> {
    this.#preparing ??= Promise.resolve(this.trainer.prepare?.())
      .catch(() => {})
      .then(this.#tellPrepared);
    return this.#preparing;
  }

  /**
   * Tells of the run as it stands before anything is trained here. Gives the scores of one that goes on: told, they would be
   * taken for those of the run that the page still has. A new one's are told when they are worked out.
   */
  async begin(): Promise<SampleScores | undefined> {
    await this.look();
    let scores: SampleScores | undefined;
    if (this.trainer.progress.epoch > 0) {
      await this.prepare();
      scores = await this.#scorer.scoresNow();
    } else await this.#scorer.score();
    await this.report();
    return scores;
  }

  /** Trains until the last epoch is done or an interruption ends the one under way. */
  async train(manners: TrainingManners): Promise<void> {
    void this.prepare();
    try {
      await this.#train(manners);
    } catch (error) {
      this.#giveUp(error);
      throw error;
    }
  }

  /** Ends `train` after the steps under way. */
  interrupt(): void {
    this.#interruption.abort();
  }

  /** Does one training step. */
  async step(): Promise<void> {
    void this.prepare();
    const ended = (await this.trainer.step())?.epochReport;
    if (ended) this.#tellEpoch(ended.record);
    await this.look();
    if (ended) await this.#scorer.scoreNow();
    if (ended) await this.#modelTeller.tellNow();
    if (this.unfinished) await this.#keeper.save();
    await this.report();
  }

  /** Pictures the images that are to be shown; once more if others were chosen meanwhile. */
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

  /** Tells of the weights as they are now, if an epoch is done. */
  async tellModel(): Promise<void> {
    await this.#modelTeller.tellNow();
    await this.report();
  }

  /** Saves the run as it stands, if it is one to be gone on with. */
  async save(): Promise<void> {
    if (this.unfinished && !this.#diverged) await this.#keeper.saveNow();
    await this.#keeper.stored();
  }

  /** Tells where the run stands. Once awaited, the page knows this and all that was told before. */
  async report(): Promise<void> {
    this.#reported = performance.now();
    await this.#listener({ kind: "progress", progress: this.trainer.progress });
  }

  /** Frees what the run has on the device, and lets other tabs have it. */
  async destroy(): Promise<void> {
    this.#tellPrepared();
    this.#scorer.stop();
    this.trainer.destroy();
    await this.#keeper.leave();
  }

  async #train({ goesOn, givesWay }: TrainingManners): Promise<void> {
    this.#interruption = new AbortController();
    const epochs = this.trainer.epochs(this.#interruption.signal, () => this.#watch(givesWay));
    for await (const { record } of epochs) {
      this.#tellEpoch(record);
      if (performance.now() - this.#looked >= shortestLook) await this.look();
      await this.#scorer.score();
      await this.#modelTeller.tell();
      if (this.unfinished) await this.#keeper.save();
    }
    await this.look();
    const stays = !goesOn() || !this.unfinished;
    if (stays && this.trainer.progress.step === 0) await this.#scorer.scoreNow();
    if (stays) await this.#modelTeller.tellNow();
    if (!this.unfinished) await this.#keeper.stored();
    else if (stays) await this.#keeper.saveNow();
    else await this.#keeper.save();
  }

  /** Where no number of the run is of use any more, its last good weights are. */
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
