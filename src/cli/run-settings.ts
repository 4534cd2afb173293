import { rangeText } from "../data/sample-range.ts";
import { fullRange, type SampleFormat, sameRange } from "../data/samples.ts";
import type { RunHistory } from "../formats/history.ts";
import { trainingSettings } from "../formats/training-settings.ts";
import type { Family } from "../kernels/family.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { TrainOptions } from "./train-options.ts";

/** The settings of a run as the program's options name them; what was not given is left out. */
export function runSettings(
  { data, labels, valData, noisy, valNoisy, colour = false, range, init }: TrainOptions,
  spec: TrainingSpec,
  { version, kernels }: { readonly version: string; readonly kernels: Family | undefined },
): RunHistory["settings"] {
  return {
    version,
    ...{ data, labels, valData, noisy, valNoisy },
    ...((spec.patches || colour) && { colour }),
    ...(range && range !== "auto" && { range: rangeText(range) }),
    ...trainingSettings(spec),
    ...{ init, kernels },
  };
}

/** The options with the range that the samples were read in, if it is not the full one of their bits: it repeats a guess. */
export function withRange(options: TrainOptions, { bits, range }: SampleFormat): TrainOptions {
  return sameRange(range, fullRange(bits)) ? options : { ...options, range };
}
