import type { Call, CallTime } from "./commands.ts";

/** The address and size of the threads' common data, after the module's own data. */
const controlAddress = 2 ** 16;
const controlBytes = 2 ** 16;

/** A thread's memory for work in progress. */
const scratchBytes = 6 * 2 ** 16;

/** The first address that is free for buffers. */
export function firstFree(threads: number): number {
  return controlAddress + controlBytes + threads * scratchBytes;
}

/** Words of the control block. The list of calls lies behind them. */
const turn = 0;
const phase = 1;
const arrived = 2;
const nextJob = 3;
const listAddress = controlAddress + 64;
const listNumbers = (controlBytes - 64) / 8;

/** Numbers in front of the calls in the list, and in front of a call's values. */
const listHead = 2;
const callHead = 4;

/** Parts that each thread's share of a launch is cut into, so that none waits long for the others. */
const partsPerThread = 8;

type KernelFunction = (first: number, end: number, across: number, ...values: number[]) => void;

/**
 * A thread's part in the work. All threads process the same list of calls: for each call, they take jobs from one
 * counter until none is left, and then wait for each other. The result of a job does not depend on the thread, so
 * neither do the bits. Threads wait with Atomics.wait, which uses no processor time.
 */
export class Crew {
  readonly #memory: WebAssembly.Memory;
  readonly #threads: number;
  #control: Int32Array;
  readonly #kernels: readonly string[];
  readonly #functions: ReadonlyMap<string, KernelFunction>;

  constructor(instance: WebAssembly.Instance, memory: WebAssembly.Memory, thread: number, threads: number) {
    this.#memory = memory;
    this.#threads = threads;
    this.#control = controlOf(memory);
    const exported = Object.entries(instance.exports) as [string, KernelFunction][];
    this.#functions = new Map(exported);
    this.#kernels = [...this.#functions.keys()].sort();
    this.#function("useScratch")(controlAddress + controlBytes + thread * scratchBytes, 0, 0);
  }

  /**
   * Does the work of a turn together with all other threads; returns the start and duration of each call in each
   * repetition.
   */
  lead(calls: readonly Call[], times: number, measured: boolean): CallTime[] {
    const lists = this.#threads > 1 ? listsOf(calls) : [calls];
    if (lists.length === 1) return this.#turn(calls, times, measured);
    return Array.from({ length: times }, () => lists.flatMap((list) => this.#turn(list, 1, measured))).flat();
  }

  #turn(calls: readonly Call[], times: number, measured: boolean): CallTime[] {
    // An empty turn has no barrier, so the other threads could still be reading its list when the next turn begins: they are not woken.
    if (calls.length === 0 || times === 0) return [];
    if (this.#threads > 1) {
      this.#write(calls, times);
      Atomics.add(this.#control, turn, 1);
      Atomics.notify(this.#control, turn);
    }
    const taken: CallTime[] = [];
    const bound = calls.map((call) => ({ ...call, run: this.#function(call.kernel) }));
    for (let time = 0; time < times; time++) {
      for (const call of bound) {
        const start = measured ? performance.now() : 0;
        this.#do(call.run, call);
        if (measured) taken.push({ start, duration: performance.now() - start });
      }
    }
    return taken;
  }

  /** Does its part of every turn, forever. */
  follow(): never {
    for (let last = 0; ; ) {
      while (Atomics.load(this.#control, turn) === last) Atomics.wait(this.#control, turn, last);
      last = Atomics.load(this.#control, turn);
      const { calls, times } = this.#read();
      for (let time = 0; time < times; time++) {
        for (const call of calls) this.#do(call.run, call);
      }
    }
  }

  #do(run: KernelFunction, { jobs, across, values }: Omit<Call, "kernel">): void {
    const part = Math.max(1, Math.floor(jobs / (partsPerThread * this.#threads)));
    // Memory of one thread alone gets a new buffer when it grows.
    if (this.#control.buffer !== this.#memory.buffer) this.#control = controlOf(this.#memory);
    for (;;) {
      const first = Atomics.add(this.#control, nextJob, part);
      if (first >= jobs) break;
      run(first, Math.min(first + part, jobs), across, ...values);
    }
    this.#meet();
  }

  /** A barrier: waits until all threads are here; the last one resets the job counter. */
  #meet(): void {
    const control = this.#control;
    const now = Atomics.load(control, phase);
    if (Atomics.add(control, arrived, 1) + 1 === this.#threads) {
      Atomics.store(control, arrived, 0);
      Atomics.store(control, nextJob, 0);
      Atomics.add(control, phase, 1);
      if (this.#threads > 1) Atomics.notify(control, phase);
      return;
    }
    while (Atomics.load(control, phase) === now) Atomics.wait(control, phase, now);
  }

  /** Writes a list of calls for the other threads. */
  #write(calls: readonly Call[], times: number): void {
    const numbers = calls.flatMap(({ kernel, jobs, across, values }) => [
      this.#kernels.indexOf(kernel),
      jobs,
      across,
      values.length,
      ...values,
    ]);
    const list = new Float64Array(this.#memory.buffer, listAddress, listNumbers);
    list.set([times, calls.length, ...numbers]);
  }

  #read(): { calls: (Omit<Call, "kernel"> & { run: KernelFunction })[]; times: number } {
    const list = new Float64Array(this.#memory.buffer, listAddress, listNumbers);
    const [times = 0, count = 0] = list;
    const calls = [];
    for (let place = listHead; calls.length < count; ) {
      const [kernel = 0, jobs = 0, across = 0, length = 0] = list.subarray(place, place + callHead);
      place += callHead;
      const run = this.#function(this.#kernels[kernel] ?? "");
      calls.push({ jobs, across, values: [...list.subarray(place, place + length)], run });
      place += length;
    }
    return { calls, times };
  }

  #function(name: string): KernelFunction {
    const found = this.#functions.get(name);
    if (!found) throw new RangeError(`The WebAssembly module has no kernel ${name}.`);
    return found;
  }
}

/** Lists of a turn each, as long as the control block has room for. */
function listsOf(calls: readonly Call[]): readonly (readonly Call[])[] {
  const lists: Call[][] = [];
  let room = 0;
  for (const call of calls) {
    const numbers = callHead + call.values.length;
    if (numbers > room) {
      lists.push([]);
      room = listNumbers - listHead;
    }
    lists.at(-1)?.push(call);
    room -= numbers;
  }
  return lists;
}

function controlOf(memory: WebAssembly.Memory): Int32Array {
  return new Int32Array(memory.buffer, controlAddress, 16);
}
