import { Gpu } from "../../gpu/gpu.ts";
import { GpuError } from "../../gpu/gpu-error.ts";
import { Profiler } from "../../gpu/profiler.ts";
import type { Family } from "../../kernels/family.ts";
import { Denoiser } from "../../network/denoiser.ts";
import { PictureDenoiser } from "../../network/picture-denoiser.ts";
import { codeSize, type Model } from "../../spec/network.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { FamilyMemory } from "../../training/family-memory.ts";
import { compileLook } from "../../training/look-kernels.ts";
import { RecoveringTrainer } from "../../training/recovering-trainer.ts";
import type { TrainingData } from "../../training/run-data.ts";
import type { OpenOptions, TrainingEvent } from "../protocol.ts";
import type { Beginning, Engine, EngineDenoiser, EnginePictureDenoiser } from "./engine.ts";
import { GpuClock } from "./gpu-clock.ts";
import { Outliving } from "./outliving.ts";

/** Opens an adapter and its device. */
type OpenGpu = () => Promise<Gpu>;

/** The GPU, with what the page knows of it. Where its device is lost, another one takes its place in all that was made on it. */
export class GpuEngine implements Engine {
  readonly backend = "gpu";
  readonly #open: OpenGpu;
  readonly #options: OpenOptions;
  readonly #tell: (event: TrainingEvent) => void;
  readonly #memory: FamilyMemory;
  #gpu: Gpu;
  /** The device that is being opened in the place of a lost one. */
  #opening: Promise<Gpu> | undefined;
  #closed = false;

  private constructor(gpu: Gpu, open: OpenGpu, options: OpenOptions, tell: (event: TrainingEvent) => void) {
    const remembered = new Map(Object.entries(options.rememberedKernels));
    this.#gpu = gpu;
    this.#open = open;
    this.#options = options;
    this.#tell = tell;
    this.#memory = {
      recall: async (key) => remembered.get(key),
      remember: async (key, family) => {
        remembered.set(key, family);
        tell({ kind: "fastest", key, family });
      },
    };
  }

  /** Throws a GpuError where there is no GPU to compute with. */
  static async open(
    options: OpenOptions,
    tell: (event: TrainingEvent) => void,
    open: OpenGpu = () => Gpu.open(navigator.gpu),
  ): Promise<GpuEngine> {
    const gpu = await open();
    // Compiled while the digits are read, which are the first run's images.
    if (options.spec) compileLook(gpu, options.spec);
    return new GpuEngine(gpu, open, options, tell);
  }

  get adapter() {
    return this.#gpu.adapter;
  }

  get profiles(): boolean {
    return this.#options.profile && this.#gpu.device.features.has("timestamp-query");
  }

  async createTrainer(spec: TrainingSpec, data: TrainingData, beginning?: Beginning) {
    try {
      return await this.#createTrainer(spec, data, beginning);
    } catch (error) {
      // It may have been lost while nobody asked for it.
      if (!(error instanceof GpuError) || error.kind !== "lost") throw error;
      return this.#createTrainer(spec, data, beginning);
    }
  }

  async createDenoiser(model: Model, batch?: number): Promise<EngineDenoiser> {
    const denoiser = await this.#outliving((gpu) => Denoiser.create(gpu, model, batch));
    return {
      codeSize: codeSize(model.network),
      denoise: (images) => denoiser.do((made) => made.denoise(images)),
      encode: (images) => denoiser.do((made) => made.encode(images)),
      decode: (codes) => denoiser.do((made) => made.decode(codes)),
      destroy: () => denoiser.destroy(),
    };
  }

  async createPictureDenoiser(model: Model): Promise<EnginePictureDenoiser> {
    const family: Family | undefined = this.#options.kernels;
    const denoiser = await this.#outliving((gpu) => PictureDenoiser.create(gpu, model, { family }));
    return {
      denoise: (source, sink, task) => denoiser.do((made) => made.denoise(source, sink, task)),
      destroy: () => denoiser.destroy(),
    };
  }

  close(): void {
    this.#closed = true;
    this.#gpu.destroy();
  }

  async #createTrainer(spec: TrainingSpec, data: TrainingData, beginning: Beginning | undefined) {
    return RecoveringTrainer.create(await this.#device(), spec, data, {
      open: () => this.#device(),
      onRecovery: (sentence) => this.#tell({ kind: "recovered", sentence, adapter: this.adapter }),
      profilerOf: (gpu) => (this.#options.profile ? createProfiler(gpu, this.#tell) : undefined),
      family: beginning?.family ?? this.#options.kernels,
      memory: this.#memory,
      state: beginning?.state,
      // The page looks at the run first, and can be pressed meanwhile.
      compileLater: true,
    });
  }

  #outliving<T extends { destroy(): void }>(make: (gpu: Gpu) => Promise<T>): Promise<Outliving<T>> {
    return Outliving.create(() => this.#device(), make);
  }

  /** The device, or another one where it is lost. */
  async #device(): Promise<Gpu> {
    if (!this.#gpu.lost || this.#closed) return this.#gpu;
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<Gpu> {
    this.#gpu = await this.#open();
    return this.#gpu;
  }
}

function createProfiler(gpu: Gpu, tell: (event: TrainingEvent) => void): Profiler | undefined {
  const clock = new GpuClock();
  return Profiler.create(gpu, (launches) => {
    const now = performance.timeOrigin + performance.now();
    tell({ kind: "launches", launches: clock.place(launches, now) });
  });
}
