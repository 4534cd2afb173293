import { DeviceError } from "../device/device-error.ts";
import {
  type Answer,
  type CallTime,
  type Command,
  pageBytes,
  type ReadAnswer,
  type Span,
  type Thread,
  type ThreadHost,
} from "./commands.ts";
import { firstFree } from "./crew.ts";
import { type KernelBuild, loadKernels } from "./load-kernels.ts";

/** A memory that cannot grow beyond this is too small: 128 MiB. */
const fewPages = 2 ** 11;

/** The number of threads, their code, and the limit of their memory. */
export interface PoolOptions {
  readonly threads: number;
  readonly build: KernelBuild;
  /** Pages of 64 KiB. */
  readonly mostPages: number;
}

/** A pending request for an answer. */
interface Waiting {
  resolve(answer: Answer): void;
  reject(error: DeviceError): void;
}

/** The threads of the CPU engine. The first thread executes commands in order and directs the others. */
export class ThreadPool {
  readonly #threads: Thread[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #failure: DeviceError | undefined;
  /** The names of the kernels that the threads have. */
  readonly kernels: ReadonlySet<string>;

  /** How far their memory can grow. */
  readonly memoryBytes: number;

  private constructor(module: WebAssembly.Module, memoryBytes: number) {
    this.memoryBytes = memoryBytes;
    this.kernels = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  }

  /** Starts the threads and waits until all are ready. Throws a DeviceError, nothing left running, if one does not start. */
  static async start(host: ThreadHost, { threads, build, mostPages }: PoolOptions): Promise<ThreadPool> {
    const shared = threads > 1;
    const module = await loadKernels(build, shared);
    const { memory, pages } = shared
      ? sharedMemory(firstFree(threads) / pageBytes, mostPages)
      : { memory: undefined, pages: mostPages };
    const pool = new ThreadPool(module, pages * pageBytes);
    try {
      await Promise.all(
        Array.from({ length: threads }, async (_, thread) => {
          await pool.#startThread(host, { kind: "start", module, memory, mostPages, thread, threads });
        }),
      );
      return pool;
    } catch (error) {
      pool.end();
      throw error instanceof DeviceError
        ? error
        : notStarted(error instanceof Error ? error.message : String(error));
    }
  }

  /** Why the threads are gone, if they are. */
  get failure(): DeviceError | undefined {
    return this.#failure;
  }

  /** Posts a command that has no answer, and the buffers that it takes over; does nothing if the threads have ended. */
  post(command: Exclude<Command, { id: number }>, transfer?: ArrayBuffer[]): void {
    if (!this.#failure) this.#threads[0]?.post(command, transfer);
  }

  /** When each measured launch ran, once all is done. Rejects with a DeviceError if the threads end before. */
  async run(command: Omit<Extract<Command, { kind: "run" }>, "id" | "kind">): Promise<readonly CallTime[]> {
    const answer = await this.#ask((id) => ({ kind: "run", id, ...command }));
    return answer.kind === "ran" ? answer.times : [];
  }

  /** The bytes of each span, after all commands so far. Rejects with a DeviceError if the threads end before. */
  async read(spans: readonly Span[]): Promise<ReadAnswer> {
    const answer = await this.#ask((id) => ({ kind: "read", id, spans }));
    return answer.kind === "read" ? answer : { buffers: [], short: false };
  }

  /** Ends the threads immediately. */
  end(reason = new DeviceError("The CPU's threads were ended.", "lost")): void {
    this.#failure ??= reason;
    for (const thread of this.#threads.splice(0)) thread.end();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(this.#failure);
  }

  async #startThread(host: ThreadHost, command: Extract<Command, { kind: "start" }>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const thread = host.start({
        onAnswer: (answer) => (answer.kind === "ready" ? resolve() : this.#answered(answer)),
        onFailure: (reason) => {
          reject(notStarted(reason));
          this.end(new DeviceError(`A thread of the CPU engine ended: ${reason}.`, "lost"));
        },
      });
      this.#threads[command.thread] = thread;
      thread.post(command);
    });
  }

  #answered(answer: Answer): void {
    if (!("id" in answer)) return;
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }

  #ask(commandOf: (id: number) => Command): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#threads[0]?.post(commandOf(id));
    });
  }
}

function notStarted(reason: string): DeviceError {
  return new DeviceError(`A thread of the CPU engine could not be started: ${reason}.`, "unavailable");
}

/**
 * A shared memory that can grow to `most` pages, or to half of it and so on: engines reserve the addresses, and those of
 * phones do not have as many. Throws a DeviceError if the engine reserves only a few.
 */
function sharedMemory(initial: number, most: number): { memory: WebAssembly.Memory; pages: number } {
  for (let pages = most; ; pages = Math.floor(pages / 2)) {
    try {
      return { memory: new WebAssembly.Memory({ initial, maximum: pages, shared: true }), pages };
    } catch (error) {
      if (pages > fewPages) continue;
      throw new DeviceError(`The engine gave no memory for threads: ${String(error)}`, "unavailable", error);
    }
  }
}
