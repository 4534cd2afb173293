import type { Family } from "../kernels/family.ts";
import { InputError } from "../spec/input-error.ts";
import type { HiddenLayer, OutputName } from "../spec/layers.ts";
import { type NoiseSpec, noNoise } from "../spec/noise.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { defaultOptimizers, type OptimizerName, type OptimizerSpec } from "../spec/optimizer.ts";
import { defaultPatches, type PatchSpec } from "../spec/patch.ts";
import type { ScheduleSpec } from "../spec/schedule.ts";
import {
  defaultTraining,
  type InitializationName,
  type LossName,
  type TrainingSpec,
} from "../spec/training.ts";

/** The options of `unsnow train`, read. */
export interface TrainOptions {
  readonly data: string;
  readonly labels?: string;
  readonly valData?: string;
  readonly noisy?: string;
  readonly valNoisy?: string;
  readonly noise2noise?: boolean;
  /** The side of the patches that pictures are cut into. */
  readonly patch?: number;
  /** Patches an epoch. */
  readonly patches?: number;
  readonly valPatches?: number;
  readonly flips: boolean;
  readonly colour?: boolean;
  /** Undefined when the option is not given. */
  readonly noise?: NoiseSpec;
  readonly shift: number;
  readonly fixedNoise?: boolean;
  readonly hidden: readonly HiddenLayer[];
  readonly output: OutputName;
  readonly initialization: InitializationName;
  readonly centre?: boolean;
  readonly loss: LossName;
  readonly epochs: number;
  readonly batch: number;
  readonly shuffle: boolean;
  readonly optimizer: OptimizerName;
  /** Undefined for what the optimizer starts from. */
  readonly lr?: number;
  readonly rho?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly schedule: ScheduleSpec;
  readonly seed: number;
  readonly init?: string;
  readonly out?: string;
  /** The folder to save the run in. */
  readonly checkpoint?: string;
  /** Epochs from one checkpoint to the next. */
  readonly every?: number;
  /** The folder of a saved run that goes on. */
  readonly resume?: string;
  readonly logSteps?: boolean;
  readonly quiet?: boolean;
  readonly profile?: boolean;
  /** Undefined to take what proves fastest. */
  readonly kernels?: Family;
}

type ConflictingOptions = Pick<
  TrainOptions,
  "valData" | "noisy" | "valNoisy" | "noise" | "noise2noise" | "labels" | "patch" | "colour"
> &
  Partial<Pick<TrainOptions, "patches" | "valPatches" | "flips" | "checkpoint" | "every" | "resume">>;

/** Options that do not go together, in a sentence; undefined when all is well. */
export function conflict({
  valData,
  noisy,
  valNoisy,
  noise,
  noise2noise,
  labels,
  patch,
  patches,
  valPatches,
  flips = true,
  colour,
  checkpoint,
  every,
  resume,
}: ConflictingOptions): string | undefined {
  if (checkpoint !== undefined && resume !== undefined) {
    return "--checkpoint cannot be given with --resume, which goes on saving into its own folder.";
  }
  if (every !== undefined && checkpoint === undefined && resume === undefined) {
    return "--every needs --checkpoint, the folder to save the training in.";
  }
  // What does not go with a saved run, only that run can tell.
  if (resume !== undefined) return undefined;
  if (noisy === undefined && valNoisy !== undefined) {
    return "--val-noisy needs --noisy, the noisy twins of the training images.";
  }
  if (noisy !== undefined && valData !== undefined && valNoisy === undefined) {
    return "--noisy with --val-data needs --val-noisy, the noisy twins of the validation images.";
  }
  if (valNoisy !== undefined && valData === undefined) {
    return "--val-noisy needs --val-data, whose noisy twins it holds.";
  }
  if (noisy !== undefined && noise !== undefined && noise.stages.length > 0) {
    return `--noisy gives images that are noisy as measured, so --noise ${formatNoise(noise)} cannot be added.`;
  }
  if (noise2noise && noisy === undefined) {
    return "--noise2noise needs --noisy, the other noisy picture of each scene.";
  }
  if (labels !== undefined && patch !== undefined) {
    return "--labels are of whole images, so they cannot be given with --patch.";
  }
  if (patch === undefined && (patches !== undefined || valPatches !== undefined || !flips)) {
    return "--patches, --val-patches and --no-flips need --patch, the side of a patch.";
  }
  if (colour && patch === undefined) return "--colour needs --patch: whole images are trained on in grey.";
  return undefined;
}

/** The run that the options describe, yet to be checked. */
export function trainingSpec(options: TrainOptions): TrainingSpec {
  const { hidden, output, initialization, centre = false, loss } = options;
  const { noise2noise = false, shift, fixedNoise = false } = options;
  const { epochs, batch, shuffle, schedule, seed } = options;
  const noise = options.noise ?? (options.noisy === undefined ? defaultTraining.noise : noNoise);
  const patches = patchSpec(options);
  return {
    hidden,
    output,
    initialization,
    centre,
    loss,
    noise,
    noise2noise,
    shift,
    fixedNoise,
    epochs,
    batch,
    shuffle,
    optimizer: optimizerSpec(options),
    schedule,
    seed,
    ...(patches && { patches }),
  };
}

function patchSpec({ patch, patches, valPatches, flips }: TrainOptions): PatchSpec | undefined {
  if (patch === undefined) return undefined;
  const { count, validation } = defaultPatches;
  return { side: patch, count: patches ?? count, validation: valPatches ?? validation, flips };
}

/** The optimizer with the settings that were given; throws an InputError for one that belongs to the other optimizer. */
function optimizerSpec({ optimizer, lr, rho, beta1, beta2, epsilon }: TrainOptions): OptimizerSpec {
  const start = defaultOptimizers[optimizer];
  const given = Object.entries({ lr, rho, beta1, beta2, epsilon }).filter(([, value]) => value !== undefined);
  for (const [setting] of given) {
    if (!(setting in start)) throw new InputError(`--${setting} is no setting of --optimizer ${optimizer}.`);
  }
  return { ...start, ...Object.fromEntries(given) };
}
