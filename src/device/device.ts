import type { AdapterSummary } from "./adapter.ts";
import type { AnyBindings, Constants, DeviceBuffer, Kernel, Resources } from "./kernel.ts";

export type { DeviceBuffer } from "./kernel.ts";

/** The compute backend: a GPU through WebGPU, or the CPU. The results are equal up to float32 rounding. */
export type Backend = "gpu" | "cpu";
/** Every backend. */
export const backends: readonly Backend[] = ["gpu", "cpu"];

/** Threads of the CPU at most. More would find too few jobs. */
export const mostThreads = 64;

/** Data that can be written to a buffer. */
export type Data = Float32Array | Uint32Array | Uint8Array;

/** A part of a buffer; offset and bytes are multiples of 4. */
export interface Region {
  readonly buffer: DeviceBuffer;
  readonly offset?: number;
  readonly bytes: number;
}

/** The bytes of each region, in the same order. */
export type RegionBytes<R extends readonly Region[]> = { -readonly [K in keyof R]: ArrayBuffer };

/**
 * One launch of a kernel over its buffers. It is plain data that can be listed, counted, and copied with other
 * workgroups.
 */
export interface Dispatch {
  /** "dense_forward(1)": the kernel, and the number of its launch in the step. */
  readonly label: string;
  readonly kernel: string;
  readonly workgroups: readonly [x: number, y: number];
  /** The device-specific part of the launch. */
  readonly launch: object;
}

/** A kernel with its constants, ready for launch on a device. */
export interface Pipeline<B extends AnyBindings = AnyBindings> {
  readonly kernel: Kernel<B>;
  /**
   * Binds the kernel's buffers. `invocations` is the dispatch size from the shader's header: [x, y] of the grid, or
   * one number for a list of jobs. The label defaults to the kernel's name.
   */
  bind(
    resources: Resources<B>,
    invocations: number | readonly [x: number, y: number],
    label?: string,
  ): Dispatch;
}

/** Reusable memory for reads from a device, one read at a time. */
export interface Readback {
  /** Copies regions of buffers back in one wait, after everything submitted so far is done. */
  read<const R extends readonly Region[]>(regions: R): Promise<RegionBytes<R>>;
  destroy(): void;
}

/** Time of one kernel over all its measured launches. */
export interface KernelTime {
  readonly kernel: string;
  readonly launches: number;
  readonly milliseconds: number;
}

/** One measured launch; times in milliseconds on the device's own clock. */
export interface Launch {
  readonly label: string;
  readonly kernel: string;
  readonly start: number;
  readonly duration: number;
}

/** Measures the launches of the submits that it is given to. */
export interface Profiler {
  /** Waits for the last submit and adds its times. */
  collect(): Promise<void>;
  /** Time by kernel, the longest first. */
  table(): KernelTime[];
  /** Discards the measurements so far. */
  clear(): void;
  destroy(): void;
}

/** The interface to compute hardware: memory, launches and results. The layers above use nothing else of a GPU. */
export interface Device {
  readonly backend: Backend;
  readonly adapter: AdapterSummary;
  /** The maximum size of a storage buffer in bytes. */
  readonly largestBuffer: number;
  /** Whether kernels may exchange numbers between the invocations of a subgroup (WGSL's `subgroups`). */
  readonly subgroups: boolean;
  /** Whether the device is gone. */
  readonly lost: boolean;
  /** Throws a DeviceError if the device was lost or refused a request. Call it after every await on the device. */
  assertAlive(): void;
  /** After a rejected promise of the device: throws a DeviceError if the cause is the loss of the device. */
  explainRejection(): Promise<void>;
  /** A buffer of zeros; `bytes` is a multiple of 4. Its owner destroys it: see Buffers. */
  createBuffer(label: string, bytes: number, use: "uniform" | "storage"): DeviceBuffer;
  /**
   * Writes to a buffer at byte `offset`, after everything submitted so far; offset and data are multiples of 4 bytes.
   */
  write(buffer: DeviceBuffer, offset: number, data: Data): void;
  /** Copies a region of another buffer to the start of `buffer` and zeroes the rest, after all submits so far. */
  copy(region: Region, buffer: DeviceBuffer): void;
  /** A kernel with its constants, compiled once; omitted constants have their defaults. */
  pipeline<B extends AnyBindings>(kernel: Kernel<B>, constants?: Constants): Promise<Pipeline<B>>;
  /**
   * Runs `build`, which creates buffers and dispatches synchronously, and returns its result. Throws a DeviceError if
   * the device refuses any of them. For the message, `what` names the object being built, and `smaller` says what to
   * reduce if memory is short.
   */
  build<T>(what: string, build: () => T, smaller?: string): Promise<T>;
  /** Submits a list of dispatches, `times` times. They run in order, and each sees the writes of those before it. */
  submit(dispatches: readonly Dispatch[], times?: number, profiler?: Profiler): void;
  /** Waits until everything submitted so far is done. */
  done(): Promise<void>;
  /** `capacity` is the maximum number of bytes per read. */
  createReadback(capacity: number): Readback;
  /** Whether launches can be measured. */
  readonly profiles: boolean;
  /** A profiler for this device's submits, if launches can be measured. `onLaunches` is called at each `collect`. */
  createProfiler(onLaunches?: (launches: readonly Launch[]) => void): Profiler | undefined;
  /** Closes the device and frees everything on it. */
  destroy(): void;
}
