import type { AdapterSummary } from "../gpu/adapter.ts";
import type { Family } from "../kernels/family.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { formatSchedule } from "../spec/schedule.ts";
import type { TrainingSpec } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import type { TrainOptions } from "./train-options.ts";

/** What a run was and what it came to: history.json. */
export interface RunHistory {
  /** All that is needed to repeat the run; files are named as the user named them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly adapter: AdapterSummary;
  readonly epochs: readonly EpochRecord[];
  /** The loss of every step, all epochs in one list, where it was asked for. */
  readonly stepLoss?: readonly number[];
}

/** The settings of a run as the program's options name them; what was not given is left out. */
export function runSettings(
  options: TrainOptions,
  spec: TrainingSpec,
  { version, kernels }: { readonly version: string; readonly kernels: Family },
): RunHistory["settings"] {
  const { data, labels, valData, noisy, valNoisy, colour, init } = options;
  const { noise, noise2noise, fixedNoise, hidden, output, initialization, loss } = spec;
  const { epochs, batch, shuffle, optimizer, schedule, seed, patches } = spec;
  const { name, ...optimizerSettings } = optimizer;
  return {
    version,
    ...{ data, labels, valData, noisy, valNoisy },
    ...(patches && { patch: patches.side, patches: patches.count, valPatches: patches.validation }),
    ...(patches && { flips: patches.flips, colour: colour ?? false }),
    ...{
      noise: formatNoise(noise),
      noise2noise,
      fixedNoise,
      hidden,
      output,
      initialization,
      loss,
      epochs,
      batch,
      shuffle,
    },
    ...{ optimizer: name, ...optimizerSettings, schedule: formatSchedule(schedule) },
    ...{ seed, init, kernels },
  };
}

/** history.json; a number that is not finite (the PSNR of a perfect image) is null. */
export function historyJson(history: RunHistory): string {
  return `${JSON.stringify(history, undefined, 1)}\n`;
}

const columns = [
  "epoch",
  "loss",
  "valLoss",
  "valPsnr",
  "seconds",
] as const satisfies readonly (keyof EpochRecord)[];

/** history.csv: a line an epoch, numbers in full precision. */
export function historyCsv(records: readonly EpochRecord[]): string {
  const lines = records.map((record) => columns.map((column) => record[column]).join(","));
  return [columns.join(","), ...lines, ""].join("\n");
}
