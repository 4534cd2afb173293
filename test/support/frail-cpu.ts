import type { Worker } from "node:worker_threads";
import { afterAll } from "vitest";
import type { Thread, ThreadHost, ThreadListener } from "../../src/cpu/commands.ts";
import { Cpu, type CpuOptions } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import type { Device } from "../../src/device/device.ts";
import type { Flaws, OpenFrail } from "./frail-device.ts";

/** The callers that have started a thread, in order, and do not have its Worker yet. */
const starters: ((worker: Worker) => void)[] = [];

/** Node reports a new Worker a moment after it was created. */
function onWorker(worker: Worker): void {
  starters.shift()?.(worker);
  if (starters.length === 0) process.off("worker", onWorker);
}

/** The threads of Node, and their Workers, which can be ended without notice. */
export class WatchedThreads implements ThreadHost {
  readonly workers: Worker[] = [];
  readonly cores = threadHost.cores;
  readonly sharesMemory = threadHost.sharesMemory;

  start(listener: ThreadListener): Thread {
    if (starters.length === 0) process.on("worker", onWorker);
    starters.push((worker) => this.workers.push(worker));
    return threadHost.start(listener);
  }
}

const threadsOf = new WeakMap<Device, WatchedThreads>();

/** The Workers of a device that useFrailCpus opened; the first one controls the others. */
export function workersOf(device: Device): readonly Worker[] {
  const threads = threadsOf.get(device);
  if (!threads) throw new TypeError("Nobody watches the threads of this device.");
  return threads.workers;
}

/** Ends a thread of a device without notice to the device. */
export function loseCpu(device: Device, thread = 0): void {
  void workersOf(device)[thread]?.terminate();
}

/** Opens devices on the CPU that can be lost, and closes them after the tests of the file. */
export function useFrailCpus(options: CpuOptions = { threads: 2 }): OpenFrail<Cpu> {
  const opened: Cpu[] = [];
  afterAll(() => {
    for (const cpu of opened) cpu.destroy();
  });
  return async (flaws = {}) => {
    const threads = new WatchedThreads();
    const cpu = await Cpu.open(threads, options);
    threadsOf.set(cpu, threads);
    opened.push(cpu);
    makeFrail(cpu, flaws);
    return cpu;
  };
}

function makeFrail(cpu: Cpu, { onSubmit, onWait, onRead }: Flaws<Cpu>): void {
  let [submits, waits, reads] = [0, 0, 0];
  const [submit, done, createReadback] = [
    cpu.submit.bind(cpu),
    cpu.done.bind(cpu),
    cpu.createReadback.bind(cpu),
  ];
  // A terminated thread does nothing that is requested afterwards, but may still have done what was requested before.
  cpu.submit = (...args) => {
    submits += 1;
    onSubmit?.(cpu, submits);
    submit(...args);
  };
  cpu.done = () => {
    waits += 1;
    onWait?.(cpu, waits);
    return done();
  };
  cpu.createReadback = () => {
    const readback = createReadback();
    return {
      ...readback,
      read: (regions) => {
        reads += 1;
        void onRead?.(cpu, reads);
        return readback.read(regions);
      },
    };
  };
}
