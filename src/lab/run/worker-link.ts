import { type Remote, wrap } from "comlink";
import { InputError } from "../../spec/input-error.ts";
import type { TrainingService } from "../protocol.ts";
import { fail, refuseOrFail } from "./failures.ts";
import { runState } from "./state.ts";

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
