import { imageScores, meanScores } from "../../metrics/image-scores.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import type { Preview } from "../../training/preview.ts";
import { sampleNumbers } from "../images/sample-numbers.ts";
import type { ImagesSummary } from "../images/summary.ts";
import type { EngineTrainer } from "./engine.ts";

/** How near images come to the clean ones, on average over them. */
export interface MeanScores {
  /** In dB. */
  readonly psnr: number;
  /** Undefined for images smaller than its window. */
  readonly ssim: number | undefined;
}

/** A run's scores on its sample. */
export interface SampleScores {
  /** Epochs done. */
  readonly epoch: number;
  readonly denoised: MeanScores;
  /** The same after every epoch. */
  readonly noisy: MeanScores;
}

/** Milliseconds from one scoring to the next at least. */
const interval = 1000;

/** How many times as long as a scoring kept the device or the thread from it the run is then left alone. */
const leisure = 10;

/** Scores a run on a fixed sample of its validation images, seldom enough to hardly slow it down. */
export class SampleScorer {
  readonly #trainer: EngineTrainer;
  readonly #images: ImagesSummary;
  readonly #tell: (scores: SampleScores) => void;
  readonly #quiet: () => Promise<void>;
  #noisy: MeanScores | undefined;
  #scored = -1;
  #due = 0;
  /** Milliseconds that the latest scoring took, waits for other work aside. */
  #spent = 0;
  #busy = false;
  #scoring: Promise<void> = Promise.resolve();
  #stopped = false;

  /** `quiet` resolves when the run has nothing more urgent for the thread than its scores. */
  constructor(
    trainer: EngineTrainer,
    images: ImagesSummary,
    tell: (scores: SampleScores) => void,
    quiet = async () => {},
  ) {
    this.#trainer = trainer;
    this.#images = images;
    this.#tell = tell;
    this.#quiet = quiet;
  }

  /**
   * Scores the run as it stands, at the end of an epoch, unless that was done or the last time is too short ago. Once awaited,
   * the trainer is free again; the scores are told when they are worked out.
   */
  async score(): Promise<void> {
    if (!this.#busy && performance.now() >= this.#due) await this.#take();
  }

  /** Scores the run as it stands, at the end of an epoch, however short ago the last time is; awaited, all scores were told. */
  async scoreNow(): Promise<void> {
    await this.#scoring;
    await this.#take();
    await this.#scoring;
  }

  /** The scores of the run as it stands, within an epoch too; nobody else is told of them. */
  async scoresNow(): Promise<SampleScores> {
    const { epoch, step } = this.#trainer.progress;
    if (step === 0) this.#scored = epoch;
    return this.#scoresOf(epoch, await this.#trainer.preview(sampleNumbers(this.#images)));
  }

  /** Nothing more is told. */
  stop(): void {
    this.#stopped = true;
  }

  async #take(): Promise<void> {
    const { epoch } = this.#trainer.progress;
    if (epoch === this.#scored) return;
    this.#scored = epoch;
    const started = performance.now();
    const planes = await this.#trainer.preview(sampleNumbers(this.#images));
    this.#spent = performance.now() - started;
    this.#busy = true;
    this.#scoring = this.#workOut(epoch, planes).finally(() => {
      this.#busy = false;
    });
  }

  async #workOut(epoch: number, planes: Preview): Promise<void> {
    await this.#quiet();
    const scores = await this.#scoresOf(epoch, planes);
    // The first time is no measure: what it uses is made then.
    const rest = epoch === 0 ? interval : Math.max(interval, leisure * this.#spent);
    this.#due = performance.now() + rest;
    if (!this.#stopped) this.#tell(scores);
  }

  async #scoresOf(epoch: number, { noisy, denoised, clean }: Preview): Promise<SampleScores> {
    this.#noisy ??= await this.#meanOf(noisy, clean);
    return { epoch, noisy: this.#noisy, denoised: await this.#meanOf(clipped(denoised), clean) };
  }

  async #meanOf(output: Values, clean: Values): Promise<MeanScores> {
    const { rows, columns } = this.#images;
    const size = rows * columns;
    const slices = new WorkSlices();
    const each = [];
    for (let start = 0; start < clean.length && !this.#stopped; start += size) {
      const pictureOf = (values: Values) => {
        return { rows, columns, channels: 1, values: values.subarray(start, start + size) };
      };
      const started = performance.now();
      each.push(imageScores(pictureOf(output), pictureOf(clean)));
      this.#spent += performance.now() - started;
      await slices.breathe();
    }
    const { psnr, ssim } = meanScores(each);
    return { psnr, ssim };
  }
}

type Values = Float32Array<ArrayBuffer>;

/** As whoever stores them does; a network without an output function may leave [0, 1]. */
function clipped(values: Values): Values {
  return values.map((value) => Math.min(1, Math.max(0, value)));
}
