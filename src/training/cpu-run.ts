import { cpuMath } from "../cpu/dense.ts";
import { type Stream, streams } from "../math/streams.ts";
import { checkFitsCpu, portionRows } from "../network/cpu-portions.ts";
import { WorkSlices } from "../network/work-slices.ts";
import { NetworkInTraining } from "../reference/network-in-training.ts";
import { InputError } from "../spec/input-error.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { CpuImages } from "./cpu-images.ts";
import { readCpuState, writeCpuState } from "./cpu-state.ts";
import { CpuSweep } from "./cpu-sweep.ts";
import { DivergenceError } from "./divergence-error.ts";
import type { ImagePair } from "./image-pair.ts";
import type { Preview } from "./preview.ts";
import { checkRun, hasPictures, type RunData, type TrainingData } from "./run-data.ts";
import type { EpochMetrics, RunEngine } from "./run-engine.ts";
import { type Place, type RunExtent, type RunState, visitedAfter } from "./run-state.ts";
import { startingWeights } from "./starting-weights.ts";
import { Trainer, type TrainerOptions } from "./trainer.ts";

/** Checks the settings against the images and builds the run; throws an InputError, nothing trained. */
export async function trainOnCpu(
  spec: TrainingSpec,
  data: RunData,
  { initial, state }: TrainerOptions = {},
): Promise<Trainer> {
  const network = checkRun(spec, data);
  if (hasPictures(data)) {
    throw new InputError(`${data.train.name} holds pictures, and only the GPU can train on their patches.`);
  }
  checkFitsCpu(network);
  const run = new CpuRun(spec, network, data, startingWeights(network, spec, initial));
  return new Trainer(run, spec, network, state);
}

/**
 * A run on the CPU in float64, step by step the same as on the GPU to rounding. A step is done in portions, between
 * which, every 50 ms, it gives way to what else waits in its thread.
 */
class CpuRun implements RunEngine {
  readonly training: CpuSweep;
  readonly validation: CpuSweep;
  readonly family = undefined;
  readonly profiler = undefined;
  readonly #spec: TrainingSpec;
  readonly #learner: NetworkInTraining;
  readonly #slices = new WorkSlices();
  readonly #portion: number;
  /** Rows done of the current step: a pause may fall between two portions of it. */
  #row = 0;

  constructor(
    spec: TrainingSpec,
    network: NetworkSpec,
    data: TrainingData,
    initial: readonly LayerWeights[],
  ) {
    const [rows, columns] = network.image;
    const shape = { rows, columns, channels: network.channels };
    const sweep = (pair: ImagePair, noiseStream: Stream, augmented: { swap: boolean; shift: number }) =>
      new CpuSweep(new CpuImages(pair, spec.batch), { spec, shape, noiseStream, ...augmented });
    this.#spec = spec;
    this.#learner = new NetworkInTraining(spec, network, initial, cpuMath);
    this.#portion = portionRows(network);
    this.training = sweep({ clean: data.train, noisy: data.noisyTrain }, streams.trainingNoise, {
      swap: spec.noise2noise,
      shift: spec.shift,
    });
    this.validation = sweep(
      { clean: data.validation, noisy: data.noisyValidation },
      streams.validationNoise,
      { swap: false, shift: 0 },
    );
  }

  get midStep(): boolean {
    return this.#row > 0;
  }

  async prepare(): Promise<void> {}

  async startEpoch({ epoch }: Place): Promise<void> {
    const { fixedNoise, shuffle } = this.#spec;
    this.training.rewind(fixedNoise ? 0 : epoch, shuffle ? epoch : undefined);
    this.validation.rewind(0);
  }

  /** Does some rows of the step, and ends it if they are its last. */
  async advance({ epoch, step }: Place): Promise<number> {
    const { batch } = this.#spec;
    const trains = step < this.training.steps;
    const sweep = trains ? this.training : this.validation;
    const start = (trains ? step : step - this.training.steps) * batch;
    const samples = Math.min(batch, sweep.count - start);
    const first = start + this.#row;
    const end = Math.min(first + this.#portion, start + samples);
    const rows = await sweep.rows(first, end);
    sweep.record(first, trains ? this.#learner.learn(rows, samples) : this.#learner.measure(rows));
    this.#row += end - first;
    const ended = this.#row === samples;
    if (ended) {
      if (trains) this.#update({ epoch, step }, sweep.metrics.loss(start, start + samples));
      this.#row = 0;
    }
    await this.#slices.breathe();
    return ended ? 1 : 0;
  }

  async settle(): Promise<void> {}

  async stepLoss(step: number): Promise<number> {
    return this.training.metrics.stepLosses(this.#spec.batch)[step] ?? Number.NaN;
  }

  async metrics(): Promise<EpochMetrics> {
    return { training: this.training.metrics, validation: this.validation.metrics, trouble: undefined };
  }

  async readState(place: Pick<RunState, "epoch" | "step" | "seconds">, extent: RunExtent): Promise<RunState> {
    const visited = visitedAfter(place.step, extent);
    return {
      ...place,
      ...readCpuState(this.#learner),
      metrics: {
        training: this.training.recorded(visited.training),
        validation: this.validation.recorded(visited.validation),
      },
    };
  }

  writeState(state: RunState): void {
    writeCpuState(this.#learner, state);
    this.training.restore(state.metrics.training);
    this.validation.restore(state.metrics.validation);
  }

  async weights(): Promise<readonly LayerWeights[]> {
    return this.#learner.layers.map(({ weight, bias }) => ({
      weight: Float32Array.from(weight),
      bias: Float32Array.from(bias),
    }));
  }

  async preview(images: readonly number[]): Promise<Preview> {
    const stray = images.find(
      (image) => !Number.isInteger(image) || image < 0 || image >= this.validation.count,
    );
    if (stray !== undefined) throw new RangeError(`There is no validation image ${stray}.`);
    const { x, clean } = await this.validation.chosen(images);
    const denoised = this.#learner.denoise(x);
    return {
      noisy: Float32Array.from(x),
      denoised: Float32Array.from(denoised),
      clean: Float32Array.from(clean),
    };
  }

  /** There is nothing to free. */
  destroy(): void {}

  /** Moves the weights at the end of a training step, whose mean loss this is. */
  #update({ epoch, step }: Place, loss: number): void {
    const { steps } = this.training;
    this.#learner.update({ step: epoch * steps + step, steps: this.#spec.epochs * steps, epoch });
    if (!Number.isFinite(Math.fround(loss)) || !this.#learner.isFinite) {
      throw new DivergenceError(epoch + 1, step + 1);
    }
  }
}
