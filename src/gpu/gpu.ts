import type { AdapterSummary } from "../device/adapter.ts";
import type {
  Data,
  Device,
  DeviceBuffer,
  Dispatch,
  Launch,
  Pipeline,
  Profiler,
  Region,
} from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import type { AnyBindings, Constants, Kernel } from "../device/kernel.ts";
import { summarize } from "./adapter.ts";
import { compile, compilesSubgroups, encodeDispatch, gpuBuffer } from "./pipeline.ts";
import { GpuProfiler } from "./profiler.ts";
import { GpuReadback } from "./readback.ts";

/** Limits that are raised to the adapter's maximum, because they bound the size of a data set or a layer. */
const raisedLimits = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/** Features that are used where the adapter has them. */
const usedFeatures = ["timestamp-query", "subgroups"] as const satisfies readonly GPUFeatureName[];

// GPUBufferUsage, a global that is missing in Node.
const copySource = 0x4;
const copyDestination = 0x8;
const usages = { uniform: 0x40 | copyDestination, storage: 0x80 | copySource | copyDestination } as const;

/** The advice for the user if memory is short. */
const lessMemory = "lower the batch or the layer widths";

/** An open WebGPU device, its pipelines, and its failure, if any. */
export class Gpu implements Device {
  readonly backend = "gpu";
  readonly device: GPUDevice;
  readonly adapter: AdapterSummary;
  readonly subgroups: boolean;
  readonly #owned: boolean;
  readonly #pipelines = new Map<string, Promise<Pipeline<AnyBindings>>>();
  #failure: DeviceError | undefined;

  private constructor(device: GPUDevice, adapter: AdapterSummary, owned: boolean, subgroups: boolean) {
    this.device = device;
    this.adapter = adapter;
    this.subgroups = subgroups;
    this.#owned = owned;
    device.lost.then(
      ({ reason, message }) => {
        const closed = reason === "destroyed";
        const sentence = closed
          ? "The GPU device was closed."
          : `The GPU device was lost: ${message || reason}.`;
        // The loss explains any earlier errors, so it replaces them.
        this.#failure = new DeviceError(sentence, "lost");
      },
      () => {},
    );
    if (owned) device.addEventListener("uncapturederror", ({ error }) => this.#refused(error));
  }

  /**
   * Opens the system's preferred adapter for computation. Throws a DeviceError with the reason if there is none.
   * `entry` is `navigator.gpu` in a browser and Dawn's `create([])` in Node; undefined if WebGPU is missing.
   */
  static async open(entry: GPU | undefined): Promise<Gpu> {
    if (!entry) throw new DeviceError("WebGPU is not available here.", "unavailable");
    const adapter = await entry.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) throw new DeviceError("WebGPU is available, but no GPU adapter was found.", "unavailable");
    const requiredLimits: Record<string, number> = {};
    for (const limit of raisedLimits) requiredLimits[limit] = adapter.limits[limit];
    const requiredFeatures = usedFeatures.filter((feature) => adapter.features.has(feature));
    const descriptor = { label: "unsnow", requiredLimits, requiredFeatures };
    const device = await adapter.requestDevice(descriptor).catch((error: unknown) => {
      const sentence = `The GPU adapter was found, but it could not be opened: ${String(error)}`;
      throw new DeviceError(sentence, "unavailable", error);
    });
    return new Gpu(device, summarize(adapter), true, await compilesSubgroups(device));
  }

  /**
   * Uses a device owned by the caller, with its limits and features. It is never closed here, and its uncaptured
   * errors are left to the caller: error scopes catch the errors of our own requests.
   */
  static adopt(device: GPUDevice): Gpu {
    return new Gpu(device, summarize({ info: device.adapterInfo }), false, device.features.has("subgroups"));
  }

  get largestBuffer(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    return Math.min(maxStorageBufferBindingSize, maxBufferSize);
  }

  createBuffer(label: string, bytes: number, use: "uniform" | "storage"): DeviceBuffer {
    return this.device.createBuffer({ label, size: bytes, usage: usages[use] });
  }

  write(buffer: DeviceBuffer, offset: number, data: Data): void {
    this.device.queue.writeBuffer(gpuBuffer(buffer), offset, data as GPUAllowSharedBufferSource);
  }

  copy({ buffer: source, offset = 0, bytes }: Region, buffer: DeviceBuffer): void {
    const encoder = this.device.createCommandEncoder({ label: "copy" });
    encoder.clearBuffer(gpuBuffer(buffer));
    encoder.copyBufferToBuffer(gpuBuffer(source), offset, gpuBuffer(buffer), 0, bytes);
    this.device.queue.submit([encoder.finish()]);
  }

  pipeline<B extends AnyBindings>(kernel: Kernel<B>, constants: Constants = {}): Promise<Pipeline<B>> {
    const key = JSON.stringify([kernel.name, constants]);
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = compile(this.device, kernel, constants).catch((error: unknown) => {
        this.#pipelines.delete(key);
        this.assertAlive();
        throw error;
      });
      this.#pipelines.set(key, pipeline);
    }
    return pipeline as Promise<Pipeline<B>>;
  }

  async build<T>(what: string, build: () => T, smaller = lessMemory): Promise<T> {
    const { device } = this;
    device.pushErrorScope("validation");
    device.pushErrorScope("internal");
    device.pushErrorScope("out-of-memory");
    const popAll = () =>
      Promise.all([device.popErrorScope(), device.popErrorScope(), device.popErrorScope()]);
    let result: T;
    try {
      result = build();
    } catch (error) {
      await popAll();
      throw error;
    }
    const [memory, ...others] = await popAll();
    this.assertAlive();
    if (memory)
      throw new DeviceError(`The GPU does not have enough memory for ${what}: ${smaller}.`, "memory");
    for (const error of others)
      if (error) throw new DeviceError(`The GPU could not build ${what}: ${error.message}`);
    return result;
  }

  /**
   * Encodes the dispatches into one compute pass. This is the only place where the program launches kernels on a GPU.
   * Dispatches of a pass run in order, and each sees the writes of those before it (WebGPU, "usage scopes"), so no
   * barriers are needed. With a profiler, every dispatch gets its own pass, because timestamps belong to passes.
   */
  submit(dispatches: readonly Dispatch[], times = 1, profiler?: Profiler): void {
    this.#watch(() => {
      const encoder = this.device.createCommandEncoder({ label: "work" });
      if (profiler instanceof GpuProfiler) {
        profiler.encode(encoder, dispatches, times);
      } else {
        const pass = encoder.beginComputePass({ label: "work" });
        for (let time = 0; time < times; time++) {
          for (const dispatch of dispatches) encodeDispatch(pass, dispatch);
        }
        pass.end();
      }
      this.device.queue.submit([encoder.finish()]);
    });
  }

  done(): Promise<void> {
    return this.device.queue.onSubmittedWorkDone();
  }

  createReadback(capacity: number): GpuReadback {
    return new GpuReadback(this, capacity);
  }

  get profiles(): boolean {
    return this.device.features.has("timestamp-query");
  }

  createProfiler(onLaunches?: (launches: readonly Launch[]) => void): GpuProfiler | undefined {
    return this.profiles ? new GpuProfiler(this, onLaunches) : undefined;
  }

  get lost(): boolean {
    return this.#failure?.kind === "lost";
  }

  assertAlive(): void {
    if (this.#failure) throw this.#failure;
  }

  /** The loss is reported through a separate promise, which may resolve slightly later. */
  async explainRejection(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moment = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 1000);
    });
    await Promise.race([this.device.lost, moment]);
    clearTimeout(timer);
    this.assertAlive();
  }

  /** Closes the device, which is then lost, unless the caller owns it. In Node, this allows the process to exit. */
  destroy(): void {
    if (!this.#owned) return;
    this.#failure = new DeviceError("The GPU device was closed.", "lost");
    this.device.destroy();
  }

  /** Runs synchronous `work`; assertAlive throws later if the GPU refuses any of it. */
  #watch(work: () => void): void {
    if (this.#owned) {
      work();
      return;
    }
    const kinds: readonly GPUErrorFilter[] = ["validation", "internal", "out-of-memory"];
    for (const kind of kinds) this.device.pushErrorScope(kind);
    try {
      work();
    } finally {
      for (const _ of kinds) {
        const tell = (error: GPUError | null) => error && this.#refused(error);
        this.device.popErrorScope().then(tell, () => {});
      }
    }
  }

  #refused(error: GPUError): void {
    this.#failure ??=
      error.constructor.name === "GPUOutOfMemoryError"
        ? new DeviceError(`The GPU ran out of memory: ${lessMemory}.`, "memory")
        : new DeviceError(`The GPU refused a command: ${error.message}`);
  }
}
