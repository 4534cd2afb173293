import type { Checkpoint } from "../formats/checkpoint.ts";
import { InputError } from "../spec/input-error.ts";
import type { EpochRecord, EpochReport } from "../training/history.ts";
import type { RunState } from "../training/run-state.ts";
import type { CheckpointFolder } from "./checkpoint-folder.ts";
import { shellWord } from "./text.ts";

/** The completed epochs of a run, and the losses of their steps. */
export interface Recorded {
  readonly epochs: EpochRecord[];
  readonly stepLoss: number[];
}

/** The constant part of a run's checkpoints. */
type RunDescription = () => Pick<Checkpoint, "settings" | "adapter" | "family" | "data">;

/** Saves a run while it trains. Write errors are reported and do not stop it; the previous checkpoint stays. */
export class Checkpointer {
  readonly #folder: CheckpointFolder;
  readonly #describe: RunDescription;
  readonly #recorded: Recorded;
  readonly #options: { readonly every: number; readonly logSteps: boolean };
  readonly #warn: (line: string) => void;
  #saved: Pick<RunState, "epoch" | "step"> | undefined;

  constructor(
    folder: CheckpointFolder,
    describe: RunDescription,
    recorded: Recorded,
    options: { readonly every: number; readonly logSteps: boolean },
    warn: (line: string) => void,
  ) {
    this.#folder = folder;
    this.#describe = describe;
    this.#recorded = recorded;
    this.#options = options;
    this.#warn = warn;
  }

  /** The command that resumes the run. */
  get resumeCommand(): string {
    return `unsnow train --resume ${shellWord(this.#folder.name)}`;
  }

  /** How the user can use the last good state of a run that cannot continue with its settings. */
  get startAgainAdvice(): string {
    const folder = shellWord(this.#folder.name);
    return `Its last good state stays in ${folder}: unsnow export --checkpoint ${folder} --out good.safetensors saves it as a model, and unsnow train --init good.safetensors starts from that model with other settings.`;
  }

  /** Whether a checkpoint is due after an epoch. */
  isDue({ record: { epoch } }: EpochReport): boolean {
    return epoch % this.#options.every === 0;
  }

  /** Saves a state of the run, unless it was the last one saved. */
  async save(state: RunState): Promise<void> {
    const { epoch, step } = state;
    if (this.#saved?.epoch === epoch && this.#saved.step === step) return;
    // The state may be several epochs old.
    const epochs = this.#recorded.epochs.slice(0, epoch);
    const steps = (this.#recorded.stepLoss.length / Math.max(1, this.#recorded.epochs.length)) * epoch;
    const stepLoss = this.#options.logSteps ? this.#recorded.stepLoss.slice(0, steps) : undefined;
    try {
      await this.#folder.save({ ...this.#describe(), state, epochs, stepLoss });
      this.#saved = { epoch, step };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#warn(`${error.message} Training continues, and the next checkpoint tries again.`);
    }
  }
}
