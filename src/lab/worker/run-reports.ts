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

/** Milliseconds from one scoring to the next at least. */
const scoreInterval = 1000;

/** How many times as long as a scoring kept the device or the thread from it the run is then left alone. */
const scoreLeisure = 10;

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
   * Scores the current state of the run, at the end of an epoch, unless that was done or the last time is too short ago.
   * Once awaited, the trainer is free again; the scores are sent when they are computed.
   */
  async score(): Promise<void> {
    if (!this.#busy && performance.now() >= this.#due) await this.#take();
  }

  /**
   * Scores the current state of the run, at the end of an epoch, however short ago the last time is; once awaited, all
   * scores were sent.
   */
  async scoreNow(): Promise<void> {
    await this.#scoring;
    await this.#take();
    await this.#scoring;
  }

  /** The scores of the current state of the run, within an epoch too; they are not sent. */
  async scoresNow(): Promise<SampleScores> {
    const { epoch, step } = this.#trainer.progress;
    if (step === 0) this.#scored = epoch;
    return this.#scoresOf(epoch, await this.#trainer.preview(sampleNumbers(this.#images)));
  }

  /** Sends nothing any more. */
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

/** As when pictures are stored; a network without an output function may leave [0, 1]. */
function clipped(values: Values): Values {
  return values.map((value) => Math.min(1, Math.max(0, value)));
}

/** Milliseconds from one time to the next at least, while the run trains. */
const modelInterval = 30_000;

/** How many times as long as the weights took the run is then left alone. */
const modelLeisure = 20;

/** Sends a run's weights as a model file, so seldom that the training is hardly slowed down. */
export class ModelTeller {
  readonly #trainer: EngineTrainer;
  readonly #tell: (model: ToldModel) => void;
  /** Where the run stood the last time. */
  #told: string | undefined;
  #due = 0;

  constructor(trainer: EngineTrainer, tell: (model: ToldModel) => void) {
    this.#trainer = trainer;
    this.#tell = tell;
  }

  /** Sends the present weights, unless the last time is too short ago. */
  async tell(): Promise<void> {
    if (performance.now() >= this.#due) await this.tellNow();
  }

  /** Sends the present weights, unless these were sent. The first epoch must be done: runs are kept from then on. */
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

  /** Sends the weights of a state that the run was in. */
  tellOf({ epoch, step, weights }: RunState): void {
    const { network, spec, family } = this.#trainer;
    const layers = foldCentre(weights, inputCentre(spec));
    const bytes = encodeModel({ network, layers }, spec);
    this.#tell({ epoch, step, bytes, kernels: family });
  }
}
