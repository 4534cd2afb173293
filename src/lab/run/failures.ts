import { batch } from "@preact/signals";
import { dropTrialWork } from "../draw/state.ts";
import { refuse } from "../settings/state.ts";
import { runState } from "./state.ts";

/** The sentence that reports an error. */
export function sentenceOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const known = ["InputError", "DeviceError", "DivergenceError"].includes(name);
  return known ? message : `Something unexpected happened: ${message}`;
}

/** Whether an error is an InputError. Errors from the Worker are copies, so only their names distinguish them. */
export function isInputError(error: unknown): error is Error {
  return error instanceof Error && error.name === "InputError";
}

/** Shows an error. If no device is available, pressing Reset would not help. */
export function fail(error: unknown, opening = false): void {
  const hopeless = opening && error instanceof Error && error.name === "DeviceError";
  batch(() => {
    runState.phase.value = hopeless ? "unsupported" : "failed";
    runState.failure.value = sentenceOf(error);
    dropTrialWork();
  });
}

/** Reports which of the user's input cannot be used; any other error is a failure. */
export function refuseOrFail(error: unknown): void {
  if (isInputError(error)) refuse(error.message);
  else fail(error);
}
