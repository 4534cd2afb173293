import { batch } from "@preact/signals";
import { store } from "../store.ts";

/** What to tell a person of an error: one sentence. */
export function sentenceOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const known = ["InputError", "GpuError", "DivergenceError"].includes(name);
  return known ? message : `Something unexpected happened: ${message}`;
}

/** Errors come from the Worker as copies, so that only their names tell them apart. */
export function isInputError(error: unknown): error is Error {
  return error instanceof Error && error.name === "InputError";
}

/** Shows what went wrong. Where the GPU was asked for and there is none, pressing Reset would not help. */
export function fail(error: unknown, opening = false): void {
  const hopeless = opening && error instanceof Error && error.name === "GpuError";
  batch(() => {
    store.phase.value = hopeless ? "unsupported" : "failed";
    store.failure.value = sentenceOf(error);
    store.trial.work.value = undefined;
  });
}

/** Says what of a person's input cannot be used; anything else is a failure. */
export function refuseOrFail(error: unknown): void {
  if (isInputError(error)) store.refusal.value = error.message;
  else fail(error);
}
