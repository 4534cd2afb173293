import { batch } from "@preact/signals";
import { type Remote, wrap } from "comlink";
import { InputError } from "../../spec/input-error.ts";
import { dropTrialWork } from "../draw/state.ts";
import type { TrainingService } from "../protocol.ts";
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
function refuseOrFail(error: unknown): void {
  if (isInputError(error)) refuse(error.message);
  else fail(error);
}

/** The page's interface to a training Worker. */
export type TrainingLink = Remote<TrainingService>;

/** The page's current training Worker. */
class Connection {
  #worker: Worker | undefined;
  #link: TrainingLink | undefined;
  /** Aborted when the Worker is replaced. */
  #replacement = new AbortController();

  get link(): TrainingLink | undefined {
    return this.#link;
  }

  open(): void {
    this.#worker?.terminate();
    this.#replacement.abort();
    this.#replacement = new AbortController();
    const worker = new Worker(new URL("../worker/training-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.#worker !== worker) return;
      fail(new InputError("The part of the page that trains could not be loaded or has stopped."));
    });
    this.#worker = worker;
    this.#link = wrap<TrainingService>(worker);
  }

  /** The Worker's answer; undefined as soon as the Worker is replaced, because a Worker that was ended never answers. */
  unlessReplaced<T>(answer: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#replacement;
    return new Promise((resolve, reject) => {
      const drop = () => resolve(undefined);
      signal.addEventListener("abort", drop, { once: true });
      // A listener that is not removed would keep the answer in memory as long as the Worker exists.
      const forget = () => signal.removeEventListener("abort", drop);
      void answer.then(resolve, reject).finally(forget);
    });
  }
}

const connection = new Connection();

/**
 * Starts a training Worker in place of the previous one. Requests to the old one are answered with undefined; its other
 * calls are never answered.
 */
export function connect(): void {
  connection.open();
}

/** The page's training Worker; undefined until the page has connected. */
export function currentLink(): TrainingLink | undefined {
  return connection.link;
}

/**
 * Sends the Worker a request that does not change the run. Undefined as soon as the Worker is replaced, or if the
 * request failed; in that case `onError` is called with the reason.
 */
export async function ask<T>(
  question: (connected: TrainingLink) => Promise<T>,
  onError = refuseOrFail,
): Promise<T | undefined> {
  const { link } = connection;
  if (!link || runState.phase.value === "failed") return undefined;
  try {
    const answer = await connection.unlessReplaced(question(link));
    return connection.link === link ? answer : undefined;
  } catch (error) {
    if (connection.link === link) onError(error);
    return undefined;
  }
}

/**
 * Sends the Worker a request that needs no run, also after the run has failed. Undefined as soon as the Worker is replaced; throws the
 * request's error.
 */
export async function askWithoutRun<T>(
  question: (connected: TrainingLink) => Promise<T>,
): Promise<T | undefined> {
  const { link } = connection;
  return link && connection.unlessReplaced(question(link));
}

/** Starts a Worker for the classical filters. */
export function startFilterWorker(): Worker {
  return new Worker(new URL("../worker/filter-worker.ts", import.meta.url), { type: "module" });
}
