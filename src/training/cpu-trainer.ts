import { type Stream, streams } from "../math/streams.ts";
import { foldCentre } from "../network/centre.ts";
import { checkFitsCpu, portionRows } from "../network/cpu-portions.ts";
import { WorkSlices } from "../network/work-slices.ts";
import { NetworkInTraining } from "../reference/network-in-training.ts";
import { InputError } from "../spec/input-error.ts";
import type { LayerWeights, Model, NetworkSpec } from "../spec/network.ts";
import { inputCentre, type TrainingSpec } from "../spec/training.ts";
import { CpuImages } from "./cpu-images.ts";
import { readCpuState, writeCpuState } from "./cpu-state.ts";
import { CpuSweep } from "./cpu-sweep.ts";
import { divergenceIn } from "./divergence.ts";
import { DivergenceError } from "./divergence-error.ts";
import type { EpochReport } from "./history.ts";
import type { ImagePair } from "./image-pair.ts";
import type { Preview } from "./preview.ts";
import { RunCourse } from "./run-course.ts";
import { checkRun, hasPictures, type RunData, type TrainingData } from "./run-data.ts";
import { checkRunState, type RunExtent, type RunState, visitedAfter } from "./run-state.ts";
import { startingWeights } from "./starting-weights.ts";
import type { Progress, StepReport, TrainerOptions } from "./trainer.ts";

/**
 * Trains one network on the CPU in float64: what Trainer is on the GPU, step by step the same to rounding. Every some 50 ms it
 * gives way to what else waits in its thread. The methods are not to be called while another of them is under way.
 */
export class CpuTrainer {
  readonly spec: TrainingSpec;
  readonly network: NetworkSpec;
  readonly #learner: NetworkInTraining;
  readonly #training: CpuSweep;
  readonly #validation: CpuSweep;
  readonly #slices = new WorkSlices();
  readonly #portion: number;
  readonly #course = new RunCourse();
  /** Rows done of the step under way: a pause may fall between two portions of it. */
  #row = 0;
  /** The epoch that the sweeps are set to. */
  #preparedEpoch: number | undefined;
  /** Ends the run: nothing true can follow. */
  #divergence: DivergenceError | undefined;

  private constructor(
    spec: TrainingSpec,
    network: NetworkSpec,
    data: TrainingData,
    initial: readonly LayerWeights[],
  ) {
    const [rows, columns] = network.image;
    const shape = { rows, columns, channels: network.channels };
    const sweep = (pair: ImagePair, noiseStream: Stream, augmented: { swap: boolean; shift: number }) =>
      new CpuSweep(new CpuImages(pair, spec.batch), { spec, shape, noiseStream, ...augmented });
    this.spec = spec;
    this.network = network;
    this.#learner = new NetworkInTraining(spec, network, initial);
    this.#portion = portionRows(network);
    this.#training = sweep({ clean: data.train, noisy: data.noisyTrain }, streams.trainingNoise, {
      swap: spec.noise2noise,
      shift: spec.shift,
    });
    this.#validation = sweep(
      { clean: data.validation, noisy: data.noisyValidation },
      streams.validationNoise,
      { swap: false, shift: 0 },
    );
  }

  /** Checks the settings against the images and builds the run; throws an InputError, nothing trained. */
  static async create(
    spec: TrainingSpec,
    data: RunData,
    { initial, state }: Pick<TrainerOptions, "initial" | "state"> = {},
  ): Promise<CpuTrainer> {
    const network = checkRun(spec, data);
    if (hasPictures(data)) {
      throw new InputError(`${data.train.name} holds pictures, whose patches only the GPU trains on.`);
    }
    checkFitsCpu(network);
    const weights = startingWeights(network, spec, initial);
    const trainer = new CpuTrainer(spec, network, data, weights);
    if (state) trainer.#resume(state);
    return trainer;
  }

  get progress(): Progress {
    const { epoch, step } = this.#course;
    return { epoch, epochs: this.spec.epochs, step, stepsPerEpoch: this.#stepsPerEpoch };
  }

  /**
   * Trains until the last epoch is done, giving each epoch's report as it ends. When `signal` is aborted it stops within some
   * milliseconds; called again, it goes on from there. `onProgress` is told every few milliseconds.
   * Throws a DivergenceError as soon as a number stopped being finite.
   */
  epochs(signal?: AbortSignal, onProgress?: (progress: Progress) => void): AsyncGenerator<EpochReport> {
    return this.#course.finishEpochs(this.spec.epochs, () => this.#finishEpoch(signal, onProgress));
  }

  /** Does one training step, and the validation if it was the epoch's last; nothing once all epochs are done. */
  async step(): Promise<StepReport | undefined> {
    if (this.#course.epoch >= this.spec.epochs) return undefined;
    const next = Math.min(this.#course.step + 1, this.#training.steps);
    await this.#course.timed(async () => {
      while (this.#course.step < next) await this.#doPortion();
    });
    const epoch = this.#course.epoch + 1;
    const loss = this.#training.metrics.stepLosses(this.spec.batch)[next - 1] ?? Number.NaN;
    const epochReport = this.#course.step >= this.#training.steps ? await this.#finishEpoch() : undefined;
    return { epoch, step: next, loss, ...(epochReport && { epochReport }) };
  }

  /** The weights as they are, in float32. */
  async weights(): Promise<Model> {
    const layers = this.#learner.layers.map(({ weight, bias }) => ({
      weight: Float32Array.from(weight),
      bias: Float32Array.from(bias),
    }));
    return { network: this.network, layers: foldCentre(layers, inputCentre(this.spec)) };
  }

  /**
   * Where the run stands, at the end of the step under way, which is done first. Throws a DivergenceError where a number is no
   * longer finite: a state is always sound.
   */
  async state(): Promise<RunState> {
    while (this.#row > 0) await this.#course.timed(() => this.#doPortion());
    if (this.#divergence) throw this.#divergence;
    const visited = visitedAfter(this.#course.step, this.#extent);
    return {
      ...this.#course.place,
      ...readCpuState(this.#learner),
      metrics: {
        training: this.#training.recorded(visited.training),
        validation: this.#validation.recorded(visited.validation),
      },
    };
  }

  /** Denoises validation images, by their numbers, with the weights as they are. */
  async preview(images: readonly number[]): Promise<Preview> {
    const stray = images.find(
      (image) => !Number.isInteger(image) || image < 0 || image >= this.#validation.count,
    );
    if (stray !== undefined) throw new RangeError(`There is no validation image ${stray}.`);
    const { x, clean } = await this.#validation.chosen(images);
    const denoised = this.#learner.denoise(x);
    return {
      noisy: Float32Array.from(x),
      denoised: Float32Array.from(denoised),
      clean: Float32Array.from(clean),
    };
  }

  /** There is nothing to free. */
  destroy(): void {}

  get #stepsPerEpoch(): number {
    return this.#training.steps + this.#validation.steps;
  }

  get #extent(): RunExtent {
    const { epochs, batch } = this.spec;
    const images = { training: this.#training.count, validation: this.#validation.count };
    return { epochs, batch, images };
  }

  /** Goes on where another trainer stood. */
  #resume(state: RunState): void {
    checkRunState(state, this.network, this.#extent);
    writeCpuState(this.#learner, state);
    this.#training.restore(state.metrics.training);
    this.#validation.restore(state.metrics.validation);
    this.#course.resume(state);
  }

  /** Does what is left of the epoch; nothing if `signal` is aborted before its end. */
  async #finishEpoch(
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<EpochReport | undefined> {
    await this.#course.timed(async () => {
      while (this.#course.step < this.#stepsPerEpoch && !signal?.aborted) {
        await this.#doPortion();
        onProgress?.(this.progress);
      }
    });
    return this.#course.step === this.#stepsPerEpoch ? this.#closeEpoch() : undefined;
  }

  /** Sets both sweeps to the epoch's order and noise, unless they are. */
  #startEpoch(): void {
    const { epoch } = this.#course;
    if (this.#preparedEpoch === epoch) return;
    this.#preparedEpoch = epoch;
    const { fixedNoise, shuffle } = this.spec;
    this.#training.rewind(fixedNoise ? 0 : epoch, shuffle ? epoch : undefined);
    this.#validation.rewind(0);
  }

  /** Does some rows of the next step, and ends the step if they are its last. */
  async #doPortion(): Promise<void> {
    if (this.#divergence) throw this.#divergence;
    this.#startEpoch();
    const { batch } = this.spec;
    const { step } = this.#course;
    const trains = step < this.#training.steps;
    const sweep = trains ? this.#training : this.#validation;
    const start = (trains ? step : step - this.#training.steps) * batch;
    const samples = Math.min(batch, sweep.count - start);
    const first = start + this.#row;
    const end = Math.min(first + this.#portion, start + samples);
    const rows = await sweep.rows(first, end);
    sweep.record(first, trains ? this.#learner.learn(rows, samples) : this.#learner.measure(rows));
    this.#row += end - first;
    if (this.#row === samples) {
      if (trains) this.#update(sweep.metrics.loss(start, start + samples));
      this.#row = 0;
      this.#course.step += 1;
    }
    await this.#slices.breathe();
  }

  /** Moves the weights at the end of a training step, whose mean loss this is. */
  #update(loss: number): void {
    const { steps } = this.#training;
    const { epoch, step } = this.#course;
    this.#learner.update({ step: epoch * steps + step, steps: this.spec.epochs * steps, epoch });
    if (!Number.isFinite(Math.fround(loss)) || !this.#learner.isFinite) this.#diverge(step + 1);
  }

  #diverge(step: number): never {
    this.#divergence = new DivergenceError(this.#course.epoch + 1, step);
    throw this.#divergence;
  }

  #closeEpoch(): EpochReport {
    const { batch, loss } = this.spec;
    const report = this.#course.report(this.#training.metrics, this.#validation.metrics, batch);
    this.#divergence = divergenceIn(report, loss);
    if (this.#divergence) throw this.#divergence;
    this.#course.startNextEpoch();
    return report;
  }
}
