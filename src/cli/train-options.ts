import type { RangeChoice } from "../data/sample-range.ts";
import type { Family } from "../kernels/family.ts";
import { InputError } from "../spec/input-error.ts";
import { noNoise } from "../spec/noise.ts";
import { formatNoise } from "../spec/noise-text.ts";
import {
  type OptimizerSetting,
  type OptimizerSpec,
  optimizerOf,
  optimizerSettingNames,
  optimizerSettings,
} from "../spec/optimizer.ts";
import { defaultPatches, type PatchSpec } from "../spec/patch.ts";
import { checkTable, fillTable } from "../spec/setting-kinds.ts";
import { type FlatSettings, settings, type TrainingSpec } from "../spec/settings.ts";
import type { ComputeOptions } from "./compute.ts";

/** The parsed options of `unsnow train`. An undefined setting has its default. */
export interface TrainOptions
  extends Partial<FlatSettings>,
    Partial<Readonly<Record<OptimizerSetting, number>>>,
    ComputeOptions {
  readonly data: string;
  readonly labels?: string;
  readonly valData?: string;
  readonly noisy?: string;
  readonly valNoisy?: string;
  /** The side of the patches that pictures are cut into. */
  readonly patch?: number;
  /** Patches per epoch. */
  readonly patches?: number;
  readonly valPatches?: number;
  readonly flips?: boolean;
  readonly colour?: boolean;
  /** The sample values of black and white; undefined for those of their bits. */
  readonly range?: RangeChoice;
  readonly init?: string;
  readonly out?: string;
  /** The folder to save the run in. */
  readonly checkpoint?: string;
  /** Epochs between checkpoints. */
  readonly every?: number;
  /** The folder of a saved run to resume. */
  readonly resume?: string;
  readonly logSteps?: boolean;
  readonly quiet?: boolean;
  readonly profile?: boolean;
  /** Undefined to measure which is fastest. */
  readonly kernels?: Family;
}

type ConflictingOptions = Pick<
  TrainOptions,
  "valData" | "noisy" | "valNoisy" | "noise" | "noise2noise" | "selfSupervised" | "labels" | "patch"
> &
  Partial<Pick<TrainOptions, "patches" | "valPatches" | "flips" | "checkpoint" | "every" | "resume">>;

/** A sentence on options that contradict each other; undefined if there are none. */
export function conflict({
  valData,
  noisy,
  valNoisy,
  noise,
  noise2noise,
  selfSupervised,
  labels,
  patch,
  patches,
  valPatches,
  flips = true,
  checkpoint,
  every,
  resume,
}: ConflictingOptions): string | undefined {
  if (checkpoint !== undefined && resume !== undefined) {
    return "--checkpoint cannot be given with --resume, which continues to save into its own folder.";
  }
  if (every !== undefined && checkpoint === undefined && resume === undefined) {
    return "--every needs --checkpoint, the folder to save the training in.";
  }
  // resumedRun checks the options against the saved run.
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
    return `--noisy gives measured noisy images, so --noise ${formatNoise(noise)} cannot be added.`;
  }
  if (noise2noise && noisy === undefined) {
    return "--noise2noise needs --noisy, the other noisy picture of each scene.";
  }
  if (selfSupervised && noisy !== undefined) {
    return "--self-supervised learns from --data alone, which is noisy, so it cannot be given with --noisy.";
  }
  if (labels !== undefined && patch !== undefined) {
    return "--labels are for whole images, so they cannot be given with --patch.";
  }
  if (patch === undefined && (patches !== undefined || valPatches !== undefined || !flips)) {
    return "--patches, --val-patches and --no-flips need --patch, the side of a patch.";
  }
  return undefined;
}

/** The run that the options describe; throws an InputError for a setting that is out of range by itself. */
export function trainingSpec(options: TrainOptions): TrainingSpec {
  const alreadyNoisy = options.noisy !== undefined || options.selfSupervised === true;
  const noise = options.noise ?? (alreadyNoisy ? noNoise : settings.noise.default);
  const given: Partial<FlatSettings> = { ...options, noise };
  const flat = fillTable(settings, (key, setting) => given[key] ?? setting.default);
  checkTable(settings, flat);
  const patches = patchSpec(options);
  return { ...flat, optimizer: optimizerSpec(flat, options), ...(patches && { patches }) };
}

function patchSpec({ patch, patches, valPatches, flips }: TrainOptions): PatchSpec | undefined {
  if (patch === undefined) return undefined;
  const { count, validation } = defaultPatches;
  return { side: patch, count: patches ?? count, validation: valPatches ?? validation, flips: flips ?? true };
}

/** The optimizer with the given settings; throws an InputError for a setting that only another optimizer has. */
function optimizerSpec({ optimizer }: FlatSettings, options: TrainOptions): OptimizerSpec {
  const own = optimizerSettings(optimizer).map(([key]) => key);
  for (const key of optimizerSettingNames) {
    if (options[key] !== undefined && !own.includes(key)) {
      throw new InputError(`--${key} is not a setting of --optimizer ${optimizer}.`);
    }
  }
  return optimizerOf(optimizer, (key, setting) => options[key] ?? setting.default);
}
