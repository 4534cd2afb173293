import type { ParsedCheckpoint } from "../formats/checkpoint.ts";
import { checkInteger } from "../spec/checks.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { CheckpointFolder } from "./checkpoint-folder.ts";
import type { StartFolder } from "./io.ts";
import { resumedRun } from "./resumed-run.ts";
import { type TrainOptions, trainingSpec } from "./train-options.ts";

/** The run that `train` starts or resumes. */
export interface RunPlan {
  readonly options: TrainOptions;
  readonly spec: TrainingSpec;
  /** The checkpoint of a resumed run, and its folder, which stays locked until it is closed. */
  readonly saved?: { readonly folder: CheckpointFolder; readonly checkpoint: ParsedCheckpoint };
}

/** Makes the plan from the options, of which `given` are on the command line, and from the run to resume. Throws an InputError. */
export async function planRun(
  start: StartFolder,
  options: TrainOptions,
  given: readonly string[],
  tell: (line: string) => void,
): Promise<RunPlan> {
  const { resume, every = 1 } = options;
  checkInteger("The number of epochs between checkpoints", every, 1, Number.MAX_SAFE_INTEGER);
  if (resume === undefined) return { options, spec: trainingSpec(options) };
  const { folder, name, checkpoint, faults } = await CheckpointFolder.open(start, resume);
  try {
    const plan = resumedRun(start, checkpoint, resume, options, given);
    const { epoch, step } = checkpoint.state;
    const steps = step > 0 ? ` and ${step} steps of the next` : "";
    tell([`Resuming after epoch ${epoch}${steps} from ${name}.`, ...faults].join(" "));
    return { ...plan, saved: { folder, checkpoint } };
  } catch (error) {
    await folder.close();
    throw error;
  }
}
