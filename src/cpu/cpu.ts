import type { AdapterSummary } from "../device/adapter.ts";
import {
  type Data,
  type Device,
  type DeviceBuffer,
  type Dispatch,
  type Launch,
  mostThreads,
  type Pipeline,
  type Profiler,
  type Readback,
  type Region,
  type RegionBytes,
} from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import type { AnyBindings, Constants, Kernel, Resources } from "../device/kernel.ts";
import { workgroupsFor } from "../device/workgroups.ts";
import { checkInteger } from "../spec/checks.ts";
import { AddressSpace } from "./address-space.ts";
import { type Call, pageBytes, type Span, type ThreadHost } from "./commands.ts";
import { firstFree } from "./crew.ts";
import { bestBuild, type KernelBuild } from "./load-kernels.ts";
import { CpuProfiler } from "./profiler.ts";
import { ThreadPool } from "./thread-pool.ts";

/** The limit of 32-bit addresses, without a last page: the address behind any buffer is an address. */
const mostBytes = 2 ** 32 - pageBytes;

/** Bytes of a write that are posted at once. Larger arrays are mapped and unmapped by the system each time, which takes longer than the copy. */
const longestWrite = 2 ** 23;

/** What the user can do if memory is short. */
const lessMemory = "lower the batch or the layer widths";

export interface CpuOptions {
  /** The number of threads. Default: one per core, or one if threads cannot share memory. */
  readonly threads?: number | undefined;
  /** How the kernels are built. Default: the best that the engine runs. */
  readonly build?: KernelBuild | undefined;
  /** Bytes that memory may grow to. Default: 4 GiB less a page, nearly all that 32-bit addresses reach. */
  readonly memoryBytes?: number | undefined;
}

/** A block of the threads' memory, until it is destroyed. */
interface CpuBuffer extends DeviceBuffer, Span {
  readonly label: string;
  readonly destroyed: boolean;
}

/** What a Dispatch of this device launches: its buffers, and their addresses followed by the constants. */
interface CpuLaunch {
  readonly buffers: readonly CpuBuffer[];
  readonly values: readonly number[];
}

/**
 * The CPU as a device: WebAssembly threads with a shared memory. Waiting for them is always asynchronous, so that a
 * page stays responsive.
 */
export class Cpu implements Device {
  readonly backend = "cpu";
  readonly adapter: AdapterSummary;
  readonly largestBuffer: number;
  readonly profiles = true;
  readonly subgroups = false;
  readonly threads: number;
  readonly #pool: ThreadPool;
  readonly #space: AddressSpace;
  #lastRun: Promise<unknown> = Promise.resolve();
  #refusal: DeviceError | undefined;

  private constructor(pool: ThreadPool, threads: number, build: KernelBuild) {
    this.#pool = pool;
    this.threads = threads;
    this.largestBuffer = Math.min(2 ** 31, pool.memoryBytes);
    this.#space = new AddressSpace(firstFree(threads), pool.memoryBytes);
    const simd = build === "relaxed" ? "relaxed SIMD" : "SIMD";
    this.adapter = {
      name: `CPU (WebAssembly, ${simd}, ${threads} thread${threads === 1 ? "" : "s"})`,
      software: false,
    };
  }

  /**
   * Starts the threads. Throws an InputError for an invalid number of threads, and a DeviceError if the JavaScript
   * engine lacks a required feature.
   */
  static async open(host: ThreadHost, options: CpuOptions = {}): Promise<Cpu> {
    const usual = host.sharesMemory ? Math.min(mostThreads, Math.max(1, host.cores)) : 1;
    const { threads: wanted = usual, memoryBytes = mostBytes } = options;
    checkInteger("The number of threads", wanted, 1, mostThreads);
    const threads = host.sharesMemory ? wanted : 1;
    const build = options.build ?? (await bestBuild());
    const mostPages = Math.floor(Math.min(memoryBytes, mostBytes) / pageBytes);
    const pool = await ThreadPool.start(host, { threads, build, mostPages });
    return new Cpu(pool, threads, build);
  }

  get lost(): boolean {
    return this.#pool.failure !== undefined;
  }

  assertAlive(): void {
    if (this.#pool.failure) throw this.#pool.failure;
    if (this.#refusal) throw this.#refusal;
  }

  async explainRejection(): Promise<void> {
    this.assertAlive();
  }

  createBuffer(label: string, bytes: number): DeviceBuffer {
    const block = this.#space.allocate(bytes);
    if (!block) {
      throw new DeviceError(`The memory of WebAssembly has no room for the buffer "${label}".`, "memory");
    }
    const { address, fresh } = block;
    this.#pool.post({ kind: "allocate", address, bytes, fresh });
    let destroyed = false;
    const buffer: CpuBuffer = {
      label,
      address,
      bytes,
      size: bytes,
      get destroyed() {
        return destroyed;
      },
      destroy: () => {
        if (!destroyed) this.#space.free(address, bytes);
        destroyed = true;
      },
    };
    return buffer;
  }

  write(buffer: DeviceBuffer, offset: number, data: Data): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const { address } = part(buffer, offset, bytes.length);
    for (let place = 0; place < bytes.length; place += longestWrite) {
      const piece = new Uint8Array(bytes.subarray(place, place + longestWrite));
      this.#pool.post({ kind: "write", address: address + place, data: piece }, [piece.buffer]);
    }
  }

  copy({ buffer: source, offset = 0, bytes }: Region, buffer: DeviceBuffer): void {
    this.#pool.post({ kind: "copy", from: part(source, offset, bytes), to: part(buffer, 0, buffer.size) });
  }

  async pipeline<B extends AnyBindings>(kernel: Kernel<B>, constants: Constants = {}): Promise<Pipeline<B>> {
    if (!this.#pool.kernels.has(functionOf(kernel.name))) {
      throw new DeviceError(`The CPU engine has no kernel ${kernel.name}.`);
    }
    const settings = Object.entries(kernel.constants ?? {}).map(([name, usual]) => constants[name] ?? usual);
    return {
      kernel,
      bind: (resources: Resources<B>, invocations, label = kernel.name): Dispatch => {
        const buffers = Object.keys(kernel.bindings).map((name) => cpuBuffer(resources[name as keyof B]));
        const launch: CpuLaunch = {
          buffers,
          values: [...buffers.map(({ address }) => address), ...settings],
        };
        return { label, kernel: kernel.name, workgroups: workgroupsFor(kernel, invocations), launch };
      },
    };
  }

  async build<T>(what: string, build: () => T, smaller = lessMemory): Promise<T> {
    let result: T;
    try {
      result = build();
    } catch (error) {
      await this.#pool.read([]);
      if (!(error instanceof DeviceError) || error.kind !== "memory") throw error;
      throw new DeviceError(`WebAssembly's memory has no room for ${what}: ${smaller}.`, "memory", error);
    }
    // No other command comes between those of `build` and this one.
    const { short } = await this.#pool.read([]);
    if (short) {
      throw new DeviceError(`There is not enough memory for ${what}: ${smaller}.`, "memory");
    }
    this.assertAlive();
    return result;
  }

  submit(dispatches: readonly Dispatch[], times = 1, profiler?: Profiler): void {
    const measured = profiler instanceof CpuProfiler;
    const ran = this.#pool.run({ calls: dispatches.map(callOf), times, measured });
    if (measured) profiler.expect(dispatches, ran);
    // Callers that wait for it get the failure.
    ran.catch(() => {});
    this.#lastRun = ran;
  }

  async done(): Promise<void> {
    await this.#lastRun;
  }

  createReadback(): Readback {
    return {
      read: async <const R extends readonly Region[]>(regions: R) => {
        const spans = regions.map(({ buffer, offset = 0, bytes }) => part(buffer, offset, bytes));
        const { buffers, short } = await this.#pool.read(spans);
        if (short) {
          this.#refusal ??= new DeviceError(`The CPU engine ran out of memory: ${lessMemory}.`, "memory");
        }
        this.assertAlive();
        return buffers as RegionBytes<R>;
      },
      destroy: () => {},
    };
  }

  createProfiler(onLaunches?: (launches: readonly Launch[]) => void): Profiler {
    return new CpuProfiler(onLaunches);
  }

  /** Ends the threads and frees their memory. In Node, this allows the process to exit. */
  destroy(): void {
    this.#pool.end();
  }
}

/** The name of the module's function: the variants of a product, "name.way", are one kernel here. */
function functionOf(kernel: string): string {
  return kernel.replace(/\..*/, "");
}

function callOf({ kernel, workgroups: [across, down], launch }: Dispatch): Call {
  const { buffers, values } = launch as CpuLaunch;
  buffers.forEach(checkUsable);
  return { kernel: functionOf(kernel), jobs: across * down, across, values };
}

function cpuBuffer(buffer: DeviceBuffer): CpuBuffer {
  return buffer as CpuBuffer;
}

/** Throws a DeviceError for a buffer that was destroyed: its memory may be another's by now. */
function checkUsable({ label, destroyed }: CpuBuffer): void {
  if (destroyed) throw new DeviceError(`The buffer "${label}" was destroyed.`);
}

/** A part of a buffer. Throws a RangeError for one that it does not have, and a DeviceError for a destroyed buffer. */
function part(buffer: DeviceBuffer, offset: number, bytes: number): Span {
  const whole = cpuBuffer(buffer);
  checkUsable(whole);
  if (offset < 0 || bytes < 0 || offset + bytes > buffer.size) {
    throw new RangeError(`Bytes ${offset} to ${offset + bytes} are not in a buffer of ${buffer.size} bytes.`);
  }
  return { address: whole.address + offset, bytes };
}
