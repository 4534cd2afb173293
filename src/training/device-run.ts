import type { Device, Profiler } from "../device/device.ts";
import { readBack } from "../device/read-back.ts";
import { type Family, familyUsed } from "../kernels/family.ts";
import { shuffleUniform } from "../kernels/sweep.ts";
import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";
import type { LayerWeights } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { chooseFamily } from "./choose-family.ts";
import { firstTrouble, readRunState, writeRunState } from "./device-state.ts";
import type { FamilyMemory } from "./family-memory.ts";
import { ImageMetrics } from "./image-metrics.ts";
import { Pacer } from "./pacer.ts";
import { type Preview, readPreview } from "./preview.ts";
import { checkRun, type RunData } from "./run-data.ts";
import type { EpochMetrics, RunEngine } from "./run-engine.ts";
import { createRunResources, type RunResources } from "./run-resources.ts";
import type { Place, RunExtent, RunState } from "./run-state.ts";
import { startingWeights } from "./starting-weights.ts";
import { Trainer, type TrainerOptions } from "./trainer.ts";

/** Options for a run on a device. */
export interface DeviceTrainerOptions extends TrainerOptions {
  readonly profiler?: Profiler | undefined;
  /** The implementation of products. Default: the fastest one. */
  readonly family?: Family | undefined;
  /**
   * The maximum size of images on the device, in bytes, before they are streamed. Default: 1 GiB on a GPU, 128 MiB on
   * the CPU.
   */
  readonly imageBytes?: number | undefined;
  /** The storage for the fastest family. */
  readonly memory?: FamilyMemory | undefined;
  /** Whether the kernels of a step are compiled later, by `prepare` or the first step. */
  readonly compileLater?: boolean | undefined;
}

/**
 * Checks the settings against the images and builds the run without training; throws an InputError or a DeviceError.
 */
export async function trainOn(
  device: Device,
  spec: TrainingSpec,
  data: RunData,
  { initial, state, profiler, memory, ...options }: DeviceTrainerOptions = {},
): Promise<Trainer> {
  const network = checkRun(spec, data);
  const family = options.family ?? (await chooseFamily(device, spec, network, memory));
  const resources = await createRunResources(device, spec, network, data, { ...options, family });
  try {
    const run = new DeviceRun(device, spec, family, resources, profiler);
    if (!state) resources.buffers.network.write(startingWeights(network, spec, initial));
    return new Trainer(run, spec, network, state);
  } catch (error) {
    resources.destroy();
    throw error;
  }
}

/**
 * A run on a device. All state stays there: a step neither uploads nor reads back anything, and an epoch is read back
 * once. The Pacer sizes the submits.
 */
class DeviceRun implements RunEngine {
  readonly family: Family | undefined;
  readonly profiler: Profiler | undefined;
  readonly #device: Device;
  readonly #spec: TrainingSpec;
  readonly #resources: RunResources;
  readonly #pacer: Pacer;

  constructor(
    device: Device,
    spec: TrainingSpec,
    family: Family,
    resources: RunResources,
    profiler: Profiler | undefined,
  ) {
    this.#device = device;
    this.#spec = spec;
    // On the CPU, the kernels of all families are the same.
    this.family =
      device.backend === "cpu"
        ? undefined
        : familyUsed(device, resources.buffers.network.layout.network, family);
    this.#resources = resources;
    this.profiler = profiler;
    this.#pacer = new Pacer(device);
  }

  get training() {
    return this.#resources.training.sweep;
  }

  get validation() {
    return this.#resources.validation.sweep;
  }

  async prepare(): Promise<void> {
    await this.#resources.epochWork();
  }

  async startEpoch({ epoch, step }: Place): Promise<void> {
    const { shuffle } = await this.#resources.epochWork();
    await this.#pacer.calibrate();
    const { buffers, training, validation } = this.#resources;
    const { seed, fixedNoise } = this.#spec;
    buffers.startEpoch(epoch);
    const trained = Math.min(step, training.sweep.steps);
    training.sweep.rewind(fixedNoise ? 0 : epoch, trained);
    training.blind?.rewind(epoch);
    validation.sweep.rewind(0, step - trained);
    const inFileOrder = (position: number) => position;
    const shuffled = permutation(training.sweep.count, seed, streams.shuffle, epoch);
    const imageAt = shuffle ? (position: number) => permute(shuffled, position) : inFileOrder;
    training.images.rewind({ count: training.sweep.count, imageAt, epoch });
    validation.images.rewind({ count: validation.sweep.count, imageAt: inFileOrder, epoch: 0 });
    if (shuffle) {
      const uniform = shuffleUniform(training.sweep.count, seed, epoch);
      this.#device.write(shuffle.uniform, 0, uniform);
      this.#device.submit([shuffle.dispatch]);
    }
  }

  /** Submits as many steps as the pacer allows, the sweep has left, and the images on the device suffice for. */
  async advance(step: number, most: number): Promise<number> {
    const { training, validation } = await this.#resources.epochWork();
    const trained = training.sweep.steps;
    const { sweep, images, dispatches } = step < trained ? training : validation;
    const first = step < trained ? step : step - trained;
    const window = Math.floor(first / images.stepsPerWindow);
    const end = Math.min(sweep.steps, (window + 1) * images.stepsPerWindow);
    const times = Math.min(this.#pacer.allowance, most, end - first);
    await images.ready(window);
    this.#device.submit(dispatches[window % dispatches.length] ?? [], times, this.profiler);
    images.prefetch(window);
    await this.#pacer.submitted(times);
    await this.profiler?.collect();
    return times;
  }

  settle(): Promise<void> {
    return this.#pacer.drained();
  }

  async stepLoss(step: number): Promise<number> {
    const { training } = this;
    const first = step * this.#spec.batch;
    const [bytes] = await readBack(this.#device, [
      training.metricsRegion(first, Math.min(training.count, first + this.#spec.batch)),
    ]);
    return new ImageMetrics(new Float32Array(bytes)).loss();
  }

  async metrics(): Promise<EpochMetrics> {
    const [trained, validated, cursor] = await readBack(this.#device, [
      this.training.metricsRegion(),
      this.validation.metricsRegion(),
      this.training.cursorRegion,
    ]);
    return {
      training: new ImageMetrics(new Float32Array(trained)),
      validation: new ImageMetrics(new Float32Array(validated)),
      trouble: firstTrouble(this.#device, cursor),
    };
  }

  readState(place: Pick<RunState, "epoch" | "step" | "seconds">, extent: RunExtent): Promise<RunState> {
    return readRunState(this.#device, this.#resources, place, extent);
  }

  writeState(state: RunState): void {
    writeRunState(this.#device, this.#resources, state);
  }

  async weights(): Promise<readonly LayerWeights[]> {
    return (await this.#resources.buffers.network.read()).layers;
  }

  preview(images: readonly number[]): Promise<Preview> {
    return readPreview(this.#device, this.#resources, images);
  }

  destroy(): void {
    this.#resources.destroy();
  }
}
