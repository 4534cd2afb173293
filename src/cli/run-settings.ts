import { rangeText } from "../data/sample-range.ts";
import { fullRange, type SampleFormat, sameRange } from "../data/samples.ts";
import type { RunHistory } from "../formats/history.ts";
import { trainingSettings } from "../formats/training-settings.ts";
import type { Family } from "../kernels/family.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { TrainOptions } from "./train-options.ts";

/** The settings of a run under the names of the options; without those that were not given. */
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

/** The options with the range of the samples, if it is not the full range of their bits, so that a resumed run repeats a guess. */
export function withRange(options: TrainOptions, { bits, range }: SampleFormat): TrainOptions {
  return sameRange(range, fullRange(bits)) ? options : { ...options, range };
}
