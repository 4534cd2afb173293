import { type Family, families } from "../kernels/family.ts";
import { InputError } from "../spec/input-error.ts";
import { type GivenLayers, hiddenLayers, outputNames } from "../spec/layers.ts";
import type { Model } from "../spec/network.ts";
import { type NoiseSpec, noNoise } from "../spec/noise.ts";
import { parseNoise } from "../spec/noise-text.ts";
import {
  defaultOptimizers,
  type OptimizerName,
  type OptimizerSpec,
  optimizerNames,
} from "../spec/optimizer.ts";
import { defaultPatches, type PatchSpec } from "../spec/patch.ts";
import { parseSchedule, type ScheduleSpec } from "../spec/schedule.ts";
import { defaultTraining, initializationNames, lossNames, type TrainingSpec } from "../spec/training.ts";
import type { Progress } from "../training/trainer.ts";
import type { ComputeOptions } from "./compute.ts";
import type { OtherImages } from "./training-images.ts";

/** How a run trains: all that is left out is as in `defaultTraining`. */
export interface TrainingSettings
  extends Partial<Omit<TrainingSpec, "hidden" | "noise" | "optimizer" | "schedule" | "patches">> {
  /**
   * The hidden layers, 1 to 15 of them: the number of nodes of each, or their text form: [512, 128, 512] or "512,128,512". The
   * narrowest is the code.
   */
  readonly hidden?: GivenLayers;
  /** A noise, or its text form: "gaussian:0.5", "poisson-gaussian:30:0.02", "gaussian:0.1..0.6+salt-pepper:0.05", "none". */
  readonly noise?: NoiseSpec | string;
  /** An optimizer, or "adadelta" or "adam" with its usual settings. */
  readonly optimizer?: OptimizerSpec | OptimizerName;
  /** A schedule of the learning rate, or its text form: "constant", "cosine", "step:30:0.1". */
  readonly schedule?: ScheduleSpec | string;
  /** Train on random patches of the images instead of on whole ones. Only the GPU does. */
  readonly patches?: Partial<PatchSpec>;
  /** Whether patches are in colour. */
  readonly colour?: boolean;
}

/** All that trainDenoiser can be told. */
export interface TrainingOptions extends TrainingSettings, OtherImages, ComputeOptions {
  /** A model whose weights are trained on: of the network that the settings describe. */
  readonly initial?: Model;
  /** How products of matrices are computed; the fastest way, found by a short trial, if left out. It changes no more than rounding. */
  readonly kernels?: Family;
  /** Stops the run after the steps under way: the iteration ends, and what was learned stays. */
  readonly signal?: AbortSignal;
  /** Told where the run stands after every submit to the GPU, some 60 ms of work. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The run that the options describe, its numbers unchecked; throws an InputError where an option, a text or a name is not known. */
export function trainingSpec(options: TrainingOptions): TrainingSpec {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (!Object.hasOwn(known, name)) throw new InputError(`There is no option ${name}.`);
  }
  const settings = Object.fromEntries(given.filter(([name]) => Object.hasOwn(defaultTraining, name)));
  const { hidden = defaultTraining.hidden } = options;
  const { optimizer = defaultTraining.optimizer, schedule = defaultTraining.schedule, patches } = options;
  const spec: TrainingSpec = {
    ...defaultTraining,
    ...(settings as Partial<TrainingSpec>),
    hidden: hiddenLayers(hidden),
    noise: noiseOf(options),
    optimizer: typeof optimizer === "string" ? optimizerOf(optimizer) : optimizer,
    schedule: typeof schedule === "string" ? parseSchedule(schedule) : schedule,
    ...(patches && { patches: { ...defaultPatches, ...patches } }),
  };
  checkName("output", spec.output, outputNames);
  checkName("initialization", spec.initialization, initializationNames);
  checkName("loss", spec.loss, lossNames);
  if (options.kernels !== undefined) checkName("kernels", options.kernels, families);
  return spec;
}

/** Programs without types may say anything. */
const known = {
  ...{ hidden: true, output: true, initialization: true, centre: true, loss: true, noise: true },
  ...{ noise2noise: true, fixedNoise: true, epochs: true, patches: true, colour: true, batch: true },
  ...{ shuffle: true, optimizer: true, schedule: true, seed: true, initial: true, kernels: true },
  ...{ validation: true, noisy: true, noisyValidation: true, device: true, gpu: true, backend: true },
  ...{ shift: true, signal: true, onProgress: true },
} as const satisfies Record<keyof TrainingOptions, true>;

/** Images that come with noisy twins get no noise by default. */
function noiseOf({ noise, noisy }: TrainingOptions): NoiseSpec {
  if (typeof noise === "string") return parseNoise(noise);
  return noise ?? (noisy ? noNoise : defaultTraining.noise);
}

function optimizerOf(name: OptimizerName): OptimizerSpec {
  checkName("optimizer", name, optimizerNames);
  return defaultOptimizers[name];
}

function checkName(setting: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new InputError(`The ${setting} must be one of ${names.join(", ")}, but it is ${String(name)}.`);
}
