import { type Dispatch, encodeDispatch } from "./dispatch.ts";
import type { Gpu } from "./gpu.ts";
import { readBack } from "./readback.ts";

const queryResolve = 0x200; // GPUBufferUsage.QUERY_RESOLVE
const copySource = 0x4; // GPUBufferUsage.COPY_SRC

/** Launches measured in one submit; those beyond run unmeasured. WebGPU allows 4096 queries, two a launch. */
const capacity = 2048;

/** GPU time of one kernel over all its measured launches. */
export interface KernelTime {
  readonly kernel: string;
  readonly launches: number;
  readonly milliseconds: number;
}

/** One measured launch; times in milliseconds on the GPU's own clock. */
export interface Launch {
  readonly label: string;
  readonly kernel: string;
  readonly start: number;
  readonly duration: number;
}

/** Measures kernels by timestamp queries. It slows training down: a pass a dispatch, a readback a submit. */
export class Profiler {
  readonly #gpu: Gpu;
  readonly #queries: GPUQuerySet;
  readonly #results: GPUBuffer;
  readonly #onLaunches: ((launches: readonly Launch[]) => void) | undefined;
  readonly #times = new Map<string, { launches: number; milliseconds: number }>();
  #encoded: Dispatch[] = [];

  private constructor(gpu: Gpu, onLaunches: ((launches: readonly Launch[]) => void) | undefined) {
    this.#gpu = gpu;
    this.#onLaunches = onLaunches;
    this.#queries = gpu.device.createQuerySet({ label: "profiler", type: "timestamp", count: 2 * capacity });
    this.#results = gpu.device.createBuffer({
      label: "profiler timestamps",
      size: 16 * capacity,
      usage: queryResolve | copySource,
    });
  }

  /** A profiler for the device, or nothing where the adapter has no timestamp queries. */
  static create(gpu: Gpu, onLaunches?: (launches: readonly Launch[]) => void): Profiler | undefined {
    return gpu.device.features.has("timestamp-query") ? new Profiler(gpu, onLaunches) : undefined;
  }

  /** Encodes dispatches, each in a measured pass. */
  encode(encoder: GPUCommandEncoder, dispatches: readonly Dispatch[], times: number): void {
    const all = Array.from({ length: times }, () => dispatches).flat();
    this.#encoded = all.slice(0, capacity);
    all.forEach((dispatch, index) => {
      const pass = encoder.beginComputePass({
        label: dispatch.label,
        ...(index < capacity && {
          timestampWrites: {
            querySet: this.#queries,
            beginningOfPassWriteIndex: 2 * index,
            endOfPassWriteIndex: 2 * index + 1,
          },
        }),
      });
      encodeDispatch(pass, dispatch);
      pass.end();
    });
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#encoded.length, this.#results, 0);
  }

  /** Waits for the last submit and adds its times up. */
  async collect(): Promise<void> {
    const encoded = this.#encoded.splice(0);
    if (encoded.length === 0) return;
    const [bytes] = await readBack(this.#gpu, [{ buffer: this.#results, bytes: 16 * encoded.length }]);
    const stamps = new BigUint64Array(bytes);
    const launches: Launch[] = [];
    encoded.forEach(({ label, kernel }, index) => {
      const start = Number(stamps[2 * index] ?? 0n) / 1e6;
      const duration = Number(stamps[2 * index + 1] ?? 0n) / 1e6 - start;
      // Some drivers' clocks jump back; such a launch says nothing.
      if (duration >= 0) launches.push({ label, kernel, start, duration });
    });
    for (const { kernel, duration } of launches) {
      const time = this.#times.get(kernel) ?? { launches: 0, milliseconds: 0 };
      this.#times.set(kernel, { launches: time.launches + 1, milliseconds: time.milliseconds + duration });
    }
    this.#onLaunches?.(launches);
  }

  /** GPU time by kernel, the longest first. */
  table(): KernelTime[] {
    return [...this.#times]
      .map(([kernel, time]) => ({ kernel, ...time }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }

  /** Forgets what was measured so far. */
  clear(): void {
    this.#times.clear();
  }

  destroy(): void {
    this.#queries.destroy();
    this.#results.destroy();
  }
}
