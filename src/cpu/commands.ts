/** Bytes of a page of WebAssembly's memory. */
export const pageBytes = 2 ** 16;

/** One launch of a kernel, as the threads do it. */
export interface Call {
  /** The name of the module's function. */
  readonly kernel: string;
  /** Jobs of the launch, and how many of them are side by side. */
  readonly jobs: number;
  readonly across: number;
  /** The addresses of its buffers, then its constants. */
  readonly values: readonly number[];
}

/** Bytes in the threads' memory. */
export interface Span {
  readonly address: number;
  readonly bytes: number;
}

/** A command to the first thread; the other threads get only the start command. Commands are executed in order. */
export type Command =
  | {
      readonly kind: "start";
      readonly module: WebAssembly.Module;
      /** Of all threads together. Left out, the one thread there is makes its own, which has this many pages at most. */
      readonly memory: WebAssembly.Memory | undefined;
      readonly mostPages: number;
      /** The number of this thread, and the number of threads. */
      readonly thread: number;
      readonly threads: number;
    }
  /** Makes the memory reach as far as the span, and sets it to zeros unless it is fresh. */
  | ({ readonly kind: "allocate"; readonly fresh: boolean } & Span)
  | { readonly kind: "write"; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: "copy"; readonly from: Span; readonly to: Span }
  | {
      readonly kind: "run";
      readonly id: number;
      readonly calls: readonly Call[];
      readonly times: number;
      readonly measured: boolean;
    }
  | { readonly kind: "read"; readonly id: number; readonly spans: readonly Span[] };

/** When a measured call began and how long it took, in milliseconds. */
export interface CallTime {
  readonly start: number;
  readonly duration: number;
}

/** What was read. */
export interface ReadAnswer {
  readonly buffers: readonly ArrayBuffer[];
  /** Whether the memory could not be made large enough for a block that was allocated since the last read. */
  readonly short: boolean;
}

/** What a thread answers. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "ran"; readonly id: number; readonly times: readonly CallTime[] }
  | ({ readonly kind: "read"; readonly id: number } & ReadAnswer);

/** A thread as seen by the code that started it. */
export interface Thread {
  /** Posts a command; it takes over the buffers of `transfer`. */
  post(command: Command, transfer?: ArrayBuffer[]): void;
  end(): void;
}

/** Receives a thread's answers, and once, as text, the reason if it ended unexpectedly. */
export interface ThreadListener {
  onAnswer(answer: Answer): void;
  onFailure(reason: string): void;
}

/** Starts threads. Browsers and Node differ. */
export interface ThreadHost {
  start(listener: ThreadListener): Thread;
  /** Threads that can run at once. */
  readonly cores: number;
  /** Whether threads can share memory, which pages that are not cross-origin isolated cannot. */
  readonly sharesMemory: boolean;
}
