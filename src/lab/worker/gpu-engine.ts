import { Gpu } from "../../gpu/gpu.ts";
import { Profiler } from "../../gpu/profiler.ts";
import type { Family } from "../../kernels/family.ts";
import { Denoiser } from "../../network/denoiser.ts";
import { PictureDenoiser } from "../../network/picture-denoiser.ts";
import type { Model } from "../../spec/network.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { FamilyMemory } from "../../training/family-memory.ts";
import type { TrainingData } from "../../training/run-data.ts";
import { Trainer } from "../../training/trainer.ts";
import type { Engine } from "./engine.ts";
import { GpuClock } from "./gpu-clock.ts";
import type { OpenOptions, TrainingEvent } from "./training-service.ts";

/** The GPU, with what the page knows of it. */
export class GpuEngine implements Engine {
  readonly backend = "gpu";
  readonly profiler: Profiler | undefined;
  readonly #gpu: Gpu;
  readonly #family: Family | undefined;
  readonly #memory: FamilyMemory;

  private constructor(gpu: Gpu, options: OpenOptions, tell: (event: TrainingEvent) => void) {
    const remembered = new Map(Object.entries(options.rememberedKernels));
    this.#gpu = gpu;
    this.#family = options.kernels;
    this.#memory = {
      recall: async (key) => remembered.get(key),
      remember: async (key, family) => {
        remembered.set(key, family);
        tell({ kind: "fastest", key, family });
      },
    };
    this.profiler = options.profile ? createProfiler(gpu, tell) : undefined;
  }

  /** Throws a GpuError where there is no GPU to compute with. */
  static async open(options: OpenOptions, tell: (event: TrainingEvent) => void): Promise<GpuEngine> {
    return new GpuEngine(await Gpu.open(navigator.gpu), options, tell);
  }

  get adapter() {
    return this.#gpu.adapter;
  }

  createTrainer(spec: TrainingSpec, data: TrainingData) {
    const options = { profiler: this.profiler, family: this.#family, memory: this.#memory };
    return Trainer.create(this.#gpu, spec, data, options);
  }

  createDenoiser(model: Model, batch?: number) {
    return Denoiser.create(this.#gpu, model, batch);
  }

  createPictureDenoiser(model: Model) {
    return PictureDenoiser.create(this.#gpu, model, { family: this.#family });
  }
}

function createProfiler(gpu: Gpu, tell: (event: TrainingEvent) => void): Profiler | undefined {
  const clock = new GpuClock();
  return Profiler.create(gpu, (launches) => {
    const now = performance.timeOrigin + performance.now();
    tell({ kind: "launches", launches: clock.place(launches, now) });
  });
}
