import { type ParsedCheckpoint, parseCheckpoint } from "../../formats/checkpoint.ts";
import { InputError } from "../../spec/input-error.ts";
import type { StoredCheckpoint } from "./checkpoint-storage.ts";

/** The newest whole checkpoint of a run, and a sentence on each that is not. */
export interface FoundCheckpoint {
  readonly checkpoint: ParsedCheckpoint;
  readonly faults: readonly string[];
}

/** Finds the newest whole checkpoint of the run called `name`; throws an InputError that says why there is none. */
export function newestCheckpoint(stored: readonly StoredCheckpoint[], name: string): FoundCheckpoint {
  const whole: ParsedCheckpoint[] = [];
  const faults: string[] = [];
  for (const { slot, bytes } of stored) {
    try {
      whole.push(parseCheckpoint(bytes, `Checkpoint ${slot} of ${name}`));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error.message);
    }
  }
  const [checkpoint] = whole.sort((a, b) => b.number - a.number);
  if (checkpoint) return { checkpoint, faults };
  throw new InputError(faults[0] ?? `${name} cannot be gone on with: nothing of it is saved.`);
}
