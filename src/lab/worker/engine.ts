import type { AdapterSummary } from "../../gpu/adapter.ts";
import type { Profiler } from "../../gpu/profiler.ts";
import type { Family } from "../../kernels/family.ts";
import type { Denoiser } from "../../network/denoiser.ts";
import type { PictureDenoiser } from "../../network/picture-denoiser.ts";
import type { Model } from "../../spec/network.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { TrainingData } from "../../training/run-data.ts";
import type { RunState } from "../../training/run-state.ts";
import type { Trainer } from "../../training/trainer.ts";
import type { Backend } from "../protocol.ts";

/** A training run, whatever computes it. */
export type EngineTrainer = Pick<
  Trainer,
  "spec" | "network" | "progress" | "epochs" | "step" | "weights" | "preview" | "state" | "destroy"
> &
  // Only where kernels compute.
  Partial<Pick<Trainer, "family" | "prepare">> & {
    /** What is measured of launches, if that was asked for and can be done. */
    readonly profiler?: Profiler | undefined;
    /** Where the run stood not long ago; it needs no GPU to be read. */
    readonly keptState?: RunState | undefined;
  };

/** Where a run goes on that was trained before. */
export interface Beginning {
  readonly state: RunState;
  /** How products were computed; found anew if left out, and of no matter where no kernels compute. */
  readonly family?: Family | undefined;
}

/** A trained network at work on images of its own size. */
export type EngineDenoiser = Pick<Denoiser, "denoise" | "encode" | "decode" | "codeSize" | "destroy">;

/** A trained network at work on pictures of any size. */
export type EnginePictureDenoiser = Pick<PictureDenoiser, "denoise" | "destroy">;

/** What trains and denoises for the page. */
export interface Engine {
  readonly backend: Backend;
  readonly adapter: AdapterSummary;
  /** Whether launches are measured. */
  readonly profiles: boolean;
  /**
   * Builds a run, untrained unless it has a beginning; throws an InputError or a GpuError when the settings, or the state, cannot
   * be used.
   */
  createTrainer(spec: TrainingSpec, data: TrainingData, beginning?: Beginning): Promise<EngineTrainer>;
  /** Throws an InputError or a GpuError when the model does not fit. */
  createDenoiser(model: Model, batch?: number): Promise<EngineDenoiser>;
  /** Throws an InputError or a GpuError when the model does not fit. */
  createPictureDenoiser(model: Model): Promise<EnginePictureDenoiser>;
  /** Frees what computes; nothing is to be asked of it any more. */
  close(): void;
}
