import { type Remote, wrap } from "comlink";
import { InputError } from "../../spec/input-error.ts";
import type { TrainingService } from "../protocol.ts";
import { store } from "../store.ts";
import { fail, refuseOrFail } from "./failures.ts";

/** A training Worker, from the page's side. */
export type TrainingLink = Remote<TrainingService>;

let worker: Worker | undefined;
let link: TrainingLink | undefined;
/** Aborted when another Worker takes the place of the one that there is. */
let replacement = new AbortController();

/**
 * Starts a training Worker in the place of the one before. What it was asked is answered with undefined; its other calls stay
 * unanswered.
 */
export function connect(): void {
  worker?.terminate();
  replacement.abort();
  replacement = new AbortController();
  worker = new Worker(new URL("../worker/training-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    if (event.currentTarget !== worker) return;
    fail(new InputError("The part of the page that trains could not be loaded or has stopped."));
  });
  link = wrap<TrainingService>(worker);
}

/** The Worker that there is; undefined until the page has connected. */
export function currentLink(): TrainingLink | undefined {
  return link;
}

/**
 * Asks the Worker for what changes nothing of the run; undefined as soon as another Worker takes its place, or if it failed,
 * which `onError` is told of.
 */
export async function ask<T>(
  question: (connected: TrainingLink) => Promise<T>,
  onError = refuseOrFail,
): Promise<T | undefined> {
  const connected = link;
  if (!connected || store.phase.value === "failed") return undefined;
  try {
    const answer = await unlessReplaced(question(connected));
    return connected === link ? answer : undefined;
  } catch (error) {
    if (connected === link) onError(error);
    return undefined;
  }
}

/** The Worker's answer; undefined as soon as another one takes its place, for a Worker that was ended never answers. */
function unlessReplaced<T>(answer: Promise<T>): Promise<T | undefined> {
  const { signal } = replacement;
  return new Promise((resolve, reject) => {
    const drop = () => resolve(undefined);
    signal.addEventListener("abort", drop, { once: true });
    // A listener that stayed would keep the answer in memory for as long as the Worker lives.
    const forget = () => signal.removeEventListener("abort", drop);
    void answer.then(resolve, reject).finally(forget);
  });
}
