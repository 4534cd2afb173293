import type { EngineTrainer } from "../../engine/engine.ts";
import { encodeModel } from "../../formats/model-file.ts";
import { imageScores, meanScores } from "../../metrics/image-scores.ts";
import { foldCentre } from "../../network/centre.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import { inputCentre } from "../../spec/training.ts";
import type { Preview } from "../../training/preview.ts";
import type { RunState } from "../../training/run-state.ts";
import { type ImagesSummary, sampleNumbers } from "../images/summary.ts";
import type { SampleScores } from "../protocol.ts";
import type { MeanScores, ToldModel } from "../runs/run-record.ts";

/** The least number of milliseconds from one scoring to the next. */
const scoreInterval = 1000;

/** The pause after a scoring, as a multiple of the time during which it used the device or the thread. */
const scoreLeisure = 10;

/** Scores a run on a fixed sample of its validation images, rarely enough to hardly slow it down. */
export class SampleScorer {
  readonly #trainer: EngineTrainer;
  readonly #images: ImagesSummary;
  readonly #tell: (scores: SampleScores) => void;
  readonly #quiet: () => Promise<void>;
  #noisy: MeanScores | undefined;
  #scored = -1;
  #due = 0;
  /** The duration of the latest scoring in milliseconds, without waits for other work. */
  #spent = 0;
  #busy = false;
  #scoring: Promise<void> = Promise.resolve();
  #stopped = false;

  /** `quiet` resolves when the run has no work for the thread that is more urgent than its scores. */
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
   * Scores the current state of the run, at the end of an epoch, unless that was done or the last scoring is too recent.
   * It resolves when the trainer is free again; the scores are sent when they are computed.
   */
  async score(): Promise<void> {
    if (!this.#busy && performance.now() >= this.#due) await this.#take();
  }

  /**
   * Scores the current state of the run, at the end of an epoch, however recent the last scoring is. It resolves when all
   * scores were sent.
   */
  async scoreNow(): Promise<void> {
    await this.#scoring;
    await this.#take();
    await this.#scoring;
  }

  /** The scores of the current state of the run, also within an epoch; they are not sent. */
  async scoresNow(): Promise<SampleScores> {
    const { epoch, step } = this.#trainer.progress;
    if (step === 0) this.#scored = epoch;
    return this.#scoresOf(epoch, await this.#trainer.preview(sampleNumbers(this.#images)));
  }

  /** Stops sending scores. */
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
    // The first duration is not used, because it includes building what later scorings reuse.
    const rest = epoch === 0 ? scoreInterval : Math.max(scoreInterval, scoreLeisure * this.#spent);
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

/** Clips as when pictures are stored: outputs of a network without an output function may be outside [0, 1]. */
function clipped(values: Values): Values {
  return values.map((value) => Math.min(1, Math.max(0, value)));
}

/** The least number of milliseconds from one sending to the next, while the run trains. */
const modelInterval = 30_000;

/** The pause after sending weights, as a multiple of its duration. */
const modelLeisure = 20;

/** Sends a run's weights as a model file, rarely enough to hardly slow the training down. */
export class ModelTeller {
  readonly #trainer: EngineTrainer;
  readonly #tell: (model: ToldModel) => void;
  /** The run's progress at the last sending. */
  #told: string | undefined;
  #due = 0;

  constructor(trainer: EngineTrainer, tell: (model: ToldModel) => void) {
    this.#trainer = trainer;
    this.#tell = tell;
  }

  /** Sends the current weights, unless the last sending is too recent. */
  async tell(): Promise<void> {
    if (performance.now() >= this.#due) await this.tellNow();
  }

  /** Sends the current weights, unless they were already sent. The first epoch must be done, because runs are kept from then on. */
  async tellNow(): Promise<void> {
    const { epoch, step } = this.#trainer.progress;
    const place = `${epoch} ${step}`;
    if (epoch === 0 || place === this.#told) return;
    const started = performance.now();
    const bytes = encodeModel(await this.#trainer.weights(), this.#trainer.spec);
    this.#told = place;
    this.#tell({ epoch, step, bytes, kernels: this.#trainer.family });
    const now = performance.now();
    this.#due = now + Math.max(modelInterval, modelLeisure * (now - started));
  }

  /** Sends the weights of an earlier state of the run. */
  tellOf({ epoch, step, weights }: RunState): void {
    const { network, spec, family } = this.#trainer;
    const layers = foldCentre(weights, inputCentre(spec));
    const bytes = encodeModel({ network, layers }, spec);
    this.#tell({ epoch, step, bytes, kernels: family });
  }
}
