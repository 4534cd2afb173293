import type { Dispatch, KernelTime, Launch, Profiler } from "../device/device.ts";
import { KernelTimes } from "../device/kernel-times.ts";
import { encodeDispatch } from "./pipeline.ts";
import { GpuReadback, type WatchedDevice } from "./readback.ts";

const queryResolve = 0x200; // GPUBufferUsage.QUERY_RESOLVE
const copySource = 0x4; // GPUBufferUsage.COPY_SRC

/**
 * Maximum number of measured launches per submit; further ones are not measured. WebGPU allows 4096 queries, two per
 * launch.
 */
const capacity = 2048;

/**
 * Measures kernels by timestamp queries. It slows training down: one pass per dispatch and one readback per submit.
 */
export class GpuProfiler implements Profiler {
  readonly #queries: GPUQuerySet;
  readonly #results: GPUBuffer;
  readonly #readback: GpuReadback;
  readonly #onLaunches: ((launches: readonly Launch[]) => void) | undefined;
  readonly #times = new KernelTimes();
  #encoded: Dispatch[] = [];

  /** For a device with timestamp queries. */
  constructor(gpu: WatchedDevice, onLaunches: ((launches: readonly Launch[]) => void) | undefined) {
    this.#onLaunches = onLaunches;
    this.#queries = gpu.device.createQuerySet({ label: "profiler", type: "timestamp", count: 2 * capacity });
    this.#results = gpu.device.createBuffer({
      label: "profiler timestamps",
      size: 16 * capacity,
      usage: queryResolve | copySource,
    });
    this.#readback = new GpuReadback(gpu, 16 * capacity);
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

  async collect(): Promise<void> {
    const encoded = this.#encoded.splice(0);
    if (encoded.length === 0) return;
    const [bytes] = await this.#readback.read([{ buffer: this.#results, bytes: 16 * encoded.length }]);
    const stamps = new BigUint64Array(bytes);
    const launches: Launch[] = [];
    encoded.forEach(({ label, kernel }, index) => {
      const start = Number(stamps[2 * index] ?? 0n) / 1e6;
      const duration = Number(stamps[2 * index + 1] ?? 0n) / 1e6 - start;
      // Some drivers' clocks jump back; such measurements are dropped.
      if (duration >= 0) launches.push({ label, kernel, start, duration });
    });
    this.#times.add(launches);
    this.#onLaunches?.(launches);
  }

  table(): KernelTime[] {
    return this.#times.table();
  }

  clear(): void {
    this.#times.clear();
  }

  destroy(): void {
    this.#queries.destroy();
    this.#results.destroy();
    this.#readback.destroy();
  }
}
