import type { AdapterSummary } from "./adapter.ts";
import type { AnyBindings, Constants, DeviceBuffer, Kernel, Resources } from "./kernel.ts";

export type { DeviceBuffer } from "./kernel.ts";

/** What computes: a GPU through WebGPU, or the CPU. The results are the same to float32's rounding. */
export type Backend = "gpu" | "cpu";
/** Every backend. */
export const backends: readonly Backend[] = ["gpu", "cpu"];

/** What can be written to a buffer. */
export type Data = Float32Array | Uint32Array | Uint8Array;

/** A part of a buffer; offset and bytes are multiples of 4. */
export interface Region {
  readonly buffer: DeviceBuffer;
  readonly offset?: number;
  readonly bytes: number;
}

/** The bytes of each region, in the same order. */
export type RegionBytes<R extends readonly Region[]> = { -readonly [K in keyof R]: ArrayBuffer };

/** One launch of a kernel over its buffers: plain data that can be listed, counted, and copied with other workgroups. */
export interface Dispatch {
  /** "dense_forward(1)": the kernel, and which of its launches in the step. */
  readonly label: string;
  readonly kernel: string;
  readonly workgroups: readonly [x: number, y: number];
  /** What the device that made it launches. */
  readonly launch: object;
}

/** A kernel with its constants, ready to be launched on a device. */
export interface Pipeline<B extends AnyBindings = AnyBindings> {
  readonly kernel: Kernel<B>;
  /**
   * Binds the kernel's buffers. `invocations` is what the shader's header calls its dispatch size: [x, y] of the grid, or one
   * number for a list of jobs. The label is the kernel's name if it is left out.
   */
  bind(
    resources: Resources<B>,
    invocations: number | readonly [x: number, y: number],
    label?: string,
  ): Dispatch;
}

/** Memory through which bytes come back from a device, again and again, one read at a time. */
export interface Readback {
  /** Copies regions of buffers back in one wait, once everything submitted so far is done. */
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
  /** Waits for the last submit and adds its times up. */
  collect(): Promise<void>;
  /** Time by kernel, the longest first. */
  table(): KernelTime[];
  /** Forgets what was measured so far. */
  clear(): void;
  destroy(): void;
}

/** What kernels run on. Its memory, its launches and their results: all that the floors above know of a GPU. */
export interface Device {
  readonly backend: Backend;
  readonly adapter: AdapterSummary;
  /** The most bytes that one storage buffer can have. */
  readonly largestBuffer: number;
  /** Whether the device is gone. */
  readonly lost: boolean;
  /** Throws a DeviceError if the device was lost, or refused something. Call it after every await on it. */
  assertAlive(): void;
  /** After a promise of the device was rejected: throws a DeviceError if the loss of the device is behind it. */
  explainRejection(): Promise<void>;
  /** A buffer of zeros; `bytes` is a multiple of 4. Its owner destroys it: see Buffers. */
  createBuffer(label: string, bytes: number, use: "uniform" | "storage"): DeviceBuffer;
  /** Writes to a buffer from byte `offset` on, after everything submitted so far; offset and data are multiples of 4 bytes. */
  write(buffer: DeviceBuffer, offset: number, data: Data): void;
  /** Copies a region of another buffer to the beginning of `buffer`, whose rest becomes zero, after all submits so far. */
  copy(region: Region, buffer: DeviceBuffer): void;
  /** A kernel with its constants, compiled once; constants that are left out have their defaults. */
  pipeline<B extends AnyBindings>(kernel: Kernel<B>, constants?: Constants): Promise<Pipeline<B>>;
  /**
   * Runs `build`, which makes buffers and dispatches and awaits nothing, and gives its result; throws a DeviceError if the device
   * refuses any of them. `what` names what is being built, and `smaller` says what to reduce if memory is short, for the message.
   */
  build<T>(what: string, build: () => T, smaller?: string): Promise<T>;
  /** Submits a list of dispatches, `times` times over. They run in order, each seeing what those before it wrote. */
  submit(dispatches: readonly Dispatch[], times?: number, profiler?: Profiler): void;
  /** Waits until everything submitted so far is done. */
  done(): Promise<void>;
  /** `capacity` is the most bytes of one read. */
  createReadback(capacity: number): Readback;
  /** Whether launches can be measured. */
  readonly profiles: boolean;
  /** A profiler for this device's submits, if launches can be measured. `onLaunches` is called at each `collect`. */
  createProfiler(onLaunches?: (launches: readonly Launch[]) => void): Profiler | undefined;
  /** Ends its use, and that of all that lies on it. */
  destroy(): void;
}
