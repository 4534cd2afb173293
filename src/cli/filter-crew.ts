import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { FilterTasks, TunedFilter } from "../filters/filter-tasks.ts";
import type { ImageScores } from "../metrics/image-scores.ts";
import type { NoiseSpec } from "../spec/noise.ts";

/** A message to a worker, which answers with the task's result. */
export type FilterCall =
  | { readonly task: "tune"; readonly args: Parameters<FilterTasks["tune"]> }
  | { readonly task: "score"; readonly args: Parameters<FilterTasks["score"]> };

/** A queued or running call, and the functions that settle its promise. */
interface Pending {
  readonly call: FilterCall;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** FilterTasks on as many threads as the machine has processors. Calls start in the order in which they are made. */
export class FilterCrew {
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Pending>();
  readonly #waiting: Pending[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Starts the threads for samples of one noise; their code is in the folder `program`. */
  constructor(program: string, noise: NoiseSpec) {
    for (let index = 0; index < availableParallelism(); index++) {
      const worker = new Worker(join(program, "filter-worker.js"), { workerData: noise });
      worker.on("message", (answer: unknown) => this.#answered(worker, answer));
      worker.on("error", (error: unknown) => void this.stop(error));
      this.#workers.push(worker);
      this.#idle.push(worker);
    }
  }

  tune(...args: Parameters<FilterTasks["tune"]>): Promise<TunedFilter> {
    return this.#call({ task: "tune", args }) as Promise<TunedFilter>;
  }

  score(...args: Parameters<FilterTasks["score"]>): Promise<ImageScores[]> {
    return this.#call({ task: "score", args }) as Promise<ImageScores[]>;
  }

  /** Ends all threads; rejects pending and later calls with `reason`. */
  async stop(reason: unknown): Promise<void> {
    this.#failure ??= { error: reason };
    for (const { reject } of [...this.#busy.values(), ...this.#waiting.splice(0)]) reject(reason);
    this.#busy.clear();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #call(call: FilterCall): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      this.#send();
    });
  }

  #answered(worker: Worker, answer: unknown): void {
    this.#busy.get(worker)?.resolve(answer);
    this.#busy.delete(worker);
    this.#idle.push(worker);
    this.#send();
  }

  /** Sends queued calls to idle workers. */
  #send(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [worker, pending] = [this.#idle.pop(), this.#waiting.shift()];
      if (!worker || !pending) return;
      this.#busy.set(worker, pending);
      worker.postMessage(pending.call);
    }
  }
}
