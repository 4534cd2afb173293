import type { AdapterSummary } from "../../gpu/adapter.ts";
import type { Profiler } from "../../gpu/profiler.ts";
import type { Denoiser } from "../../network/denoiser.ts";
import type { PictureDenoiser } from "../../network/picture-denoiser.ts";
import type { Model } from "../../spec/network.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { TrainingData } from "../../training/run-data.ts";
import type { Trainer } from "../../training/trainer.ts";
import type { Backend } from "../backend.ts";

/** A training run, whatever computes it. */
export type EngineTrainer = Pick<
  Trainer,
  "spec" | "network" | "progress" | "epochs" | "step" | "weights" | "preview" | "destroy"
> &
  // Only where kernels compute.
  Partial<Pick<Trainer, "family">>;

/** A trained network at work on images of its own size. */
export type EngineDenoiser = Pick<Denoiser, "denoise" | "encode" | "decode" | "codeSize" | "destroy">;

/** A trained network at work on pictures of any size. */
export type EnginePictureDenoiser = Pick<PictureDenoiser, "denoise" | "destroy">;

/** What trains and denoises for the page. */
export interface Engine {
  readonly backend: Backend;
  readonly adapter: AdapterSummary;
  /** Measures launches, if that was asked for and can be done. */
  readonly profiler: Profiler | undefined;
  /** Builds an untrained run; throws an InputError or a GpuError when the settings cannot be used. */
  createTrainer(spec: TrainingSpec, data: TrainingData): Promise<EngineTrainer>;
  /** Throws an InputError or a GpuError when the model does not fit. */
  createDenoiser(model: Model, batch?: number): Promise<EngineDenoiser>;
  /** Throws an InputError or a GpuError when the model does not fit. */
  createPictureDenoiser(model: Model): Promise<EnginePictureDenoiser>;
}
