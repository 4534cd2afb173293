import type { RunHistory } from "../formats/history.ts";
import { trainingSettings } from "../formats/training-settings.ts";
import type { Family } from "../kernels/family.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { TrainOptions } from "./train-options.ts";

/** The settings of a run as the program's options name them; what was not given is left out. */
export function runSettings(
  { data, labels, valData, noisy, valNoisy, colour = false, init }: TrainOptions,
  spec: TrainingSpec,
  { version, kernels }: { readonly version: string; readonly kernels: Family | undefined },
): RunHistory["settings"] {
  return {
    version,
    ...{ data, labels, valData, noisy, valNoisy },
    ...((spec.patches || colour) && { colour }),
    ...trainingSettings(spec),
    ...{ init, kernels },
  };
}
