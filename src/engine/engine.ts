import type { AdapterSummary } from "../device/adapter.ts";
import type { Backend } from "../device/device.ts";
import type { Family } from "../kernels/family.ts";
import type { Denoiser } from "../network/denoiser.ts";
import type { PictureDenoiser } from "../network/picture-denoiser.ts";
import type { Model } from "../spec/network.ts";
import type { RunState } from "../training/run-state.ts";
import type { Trainer, TrainerOptions } from "../training/trainer.ts";

/** A training run, whatever computes it. */
export type EngineTrainer = Pick<
  Trainer,
  | "spec"
  | "network"
  | "family"
  | "profiler"
  | "imageCounts"
  | "progress"
  | "prepare"
  | "epochs"
  | "step"
  | "weights"
  | "preview"
  | "state"
  | "destroy"
> & {
  /** Where the run stood not long ago; it can be read after the device was lost. */
  readonly keptState?: RunState | undefined;
};

/** Where a run begins. */
export interface Beginning extends TrainerOptions {
  /** How products are computed, instead of the engine's way; ignored where no kernels compute. */
  readonly family?: Family | undefined;
}

/** A trained network that denoises images of its own size. */
export type EngineDenoiser = Pick<Denoiser, "denoise" | "encode" | "decode" | "destroy">;

/** A trained network that denoises pictures of any size. */
export type EnginePictureDenoiser = Pick<PictureDenoiser, "denoise" | "denoisePicture" | "destroy">;

/** What trains and denoises. */
export interface Engine {
  readonly backend: Backend;
  /** The adapter in use; for the CPU, its name says so. */
  readonly adapter: AdapterSummary;
  /** Whether launches are measured. */
  readonly profiles: boolean;
  /** For `batch` images at a time at most. Throws an InputError or a DeviceError when the model does not fit. */
  createDenoiser(model: Model, batch?: number): Promise<EngineDenoiser>;
  /** Throws an InputError or a DeviceError when the model does not fit, or the stride. */
  createPictureDenoiser(
    model: Model,
    options?: { readonly stride?: number | undefined },
  ): Promise<EnginePictureDenoiser>;
  /** Frees what computes; nothing is to be asked of it any more. */
  close(): void;
}
