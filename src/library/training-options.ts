import { type Family, families } from "../kernels/family.ts";
import { InputError } from "../spec/input-error.ts";
import { type GivenLayers, hiddenLayers } from "../spec/layer-text.ts";
import type { Model } from "../spec/network.ts";
import { type NoiseSpec, noNoise } from "../spec/noise.ts";
import { defaultOptimizers, type OptimizerName, type OptimizerSpec } from "../spec/optimizer.ts";
import { defaultPatches, type PatchSpec } from "../spec/patch.ts";
import type { ScheduleSpec } from "../spec/schedule.ts";
import { checkTable, fillTable } from "../spec/setting-kinds.ts";
import { defaultTraining, type FlatSettings, settings, type TrainingSpec } from "../spec/settings.ts";
import type { Progress } from "../training/trainer.ts";
import type { ComputeOptions } from "./compute.ts";
import type { OtherImages } from "./training-images.ts";

/** The settings of a run; the defaults are in `defaultTraining`. */
export interface TrainingSettings
  extends Partial<Omit<TrainingSpec, "hidden" | "noise" | "optimizer" | "schedule" | "patches">> {
  /**
   * The hidden layers: the number of nodes of 1 to 15 dense layers, as [512, 128, 512] or "512,128,512", of which the narrowest
   * is the code; or 1 to 63 convolutions in their text form, as "conv:16/2,up:16" or "unet:16".
   */
  readonly hidden?: GivenLayers;
  /** A noise, or its text form: "gaussian:0.5", "poisson-gaussian:30:0.02", "gaussian:0.1..0.6+salt-pepper:0.05", "none". */
  readonly noise?: NoiseSpec | string;
  /** An optimizer, or "adadelta" or "adam" with its default settings. */
  readonly optimizer?: OptimizerSpec | OptimizerName;
  /** A schedule of the learning rate, or its text form: "constant", "cosine", "step:30:0.1". */
  readonly schedule?: ScheduleSpec | string;
  /** Train on random patches of the images instead of whole ones. */
  readonly patches?: Partial<PatchSpec>;
  /** Whether ImageData is trained on in colour. Default: its luma. */
  readonly colour?: boolean;
}

/** The options of trainDenoiser. */
export interface TrainingOptions extends TrainingSettings, OtherImages, ComputeOptions {
  /** A model to start from, with the network that the settings describe. */
  readonly initial?: Model;
  /**
   * The implementation of matrix products; it affects only rounding. Default: the fastest one, found by a short
   * trial.
   */
  readonly kernels?: Family;
  /** Stops the run after the current steps: the iteration ends, and the weights are kept. */
  readonly signal?: AbortSignal;
  /** Called with the progress after every submit to the GPU, about 60 ms of work. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * The run that the options describe; throws an InputError if an option, a text or a value is unknown or out of range.
 */
export function trainingSpec(options: TrainingOptions): TrainingSpec {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !Object.hasOwn(known, name))
      throw new InputError(`There is no option ${name}.`);
  }
  const { hidden = settings.hidden.default } = options;
  const { noise = options.noisy ? noNoise : defaultTraining.noise, patches, kernels } = options;
  const { optimizer = settings.optimizer.default, schedule = settings.schedule.default } = options;
  const given: Partial<FlatSettings> = {
    ...options,
    hidden: hiddenLayers(hidden),
    noise: typeof noise === "string" ? settings.noise.parse(noise) : noise,
    schedule: typeof schedule === "string" ? settings.schedule.parse(schedule) : schedule,
    optimizer: typeof optimizer === "string" ? optimizer : optimizer.name,
  };
  const flat = fillTable(settings, (key, setting) => given[key] ?? setting.default);
  checkTable(settings, flat);
  if (kernels !== undefined && !families.includes(kernels)) {
    throw new InputError(`The kernels must be one of ${families.join(", ")}, but it is ${String(kernels)}.`);
  }
  return {
    ...flat,
    optimizer: typeof optimizer === "string" ? defaultOptimizers[optimizer] : optimizer,
    ...(patches && { patches: { ...defaultPatches, ...patches } }),
  };
}

/** JavaScript programs may pass any values. */
const known: Readonly<Record<keyof TrainingOptions, unknown>> = {
  ...settings,
  ...{ patches: true, colour: true, initial: true, kernels: true, signal: true, onProgress: true },
  ...{
    validation: true,
    noisy: true,
    noisyValidation: true,
    device: true,
    gpu: true,
    backend: true,
    threads: true,
  },
};
