import { type AdapterSummary, summarize } from "./adapter.ts";
import { GpuError } from "./gpu-error.ts";
import { type AnyBindings, type Constants, compile, type Kernel, type Pipeline } from "./kernel.ts";

/** Limits of the adapter that are worth more than WebGPU's defaults: how large a data set or a layer may be. */
const raisedLimits = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/** What the user can do if memory is short. */
const lessMemory = "lower the batch or the layer widths";

/** An open WebGPU device, the pipelines made on it, and what became of it. */
export class Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterSummary;
  readonly #owned: boolean;
  readonly #pipelines = new Map<string, Promise<Pipeline<AnyBindings>>>();
  #failure: GpuError | undefined;

  private constructor(device: GPUDevice, adapter: AdapterSummary, owned: boolean) {
    this.device = device;
    this.adapter = adapter;
    this.#owned = owned;
    device.lost.then(
      ({ reason, message }) => {
        const closed = reason === "destroyed";
        const sentence = closed
          ? "The GPU device was closed."
          : `The GPU device was lost: ${message || reason}.`;
        // Whatever it refused before, it was on its way out.
        this.#failure = new GpuError(sentence, "lost");
      },
      () => {},
    );
    if (owned) device.addEventListener("uncapturederror", ({ error }) => this.#refused(error));
  }

  /**
   * Opens the adapter that the system prefers for work. Throws a GpuError that says why where there is none.
   * `entry` is `navigator.gpu` in a browser and Dawn's `create([])` in Node; undefined where WebGPU is missing.
   */
  static async open(entry: GPU | undefined): Promise<Gpu> {
    if (!entry) throw new GpuError("WebGPU is not available here.", "unavailable");
    const adapter = await entry.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) throw new GpuError("WebGPU is available, but no GPU adapter was found.", "unavailable");
    const requiredLimits: Record<string, number> = {};
    for (const limit of raisedLimits) requiredLimits[limit] = adapter.limits[limit];
    const requiredFeatures: GPUFeatureName[] = adapter.features.has("timestamp-query")
      ? ["timestamp-query"]
      : [];
    const descriptor = { label: "unsnow", requiredLimits, requiredFeatures };
    const device = await adapter.requestDevice(descriptor).catch((error: unknown) => {
      const sentence = `The GPU adapter was found, but it could not be opened: ${String(error)}`;
      throw new GpuError(sentence, "unavailable", error);
    });
    return new Gpu(device, summarize(adapter), true);
  }

  /**
   * Works on a device of the caller's, with the limits and features that it has. It is never closed here, and its uncaptured
   * errors stay the caller's: error scopes tell what was refused to us.
   */
  static adopt(device: GPUDevice): Gpu {
    return new Gpu(device, summarize({ info: device.adapterInfo }), false);
  }

  /** The pipeline of a kernel with its constants, compiled once. */
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

  /**
   * Runs `build`, which makes GPU objects and awaits nothing, and gives its result; throws a GpuError if the GPU refuses
   * any of them. `what` names what is being built, and `smaller` says what to reduce if memory is short, for the message.
   */
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
    if (memory) throw new GpuError(`The GPU does not have enough memory for ${what}: ${smaller}.`, "memory");
    for (const error of others)
      if (error) throw new GpuError(`The GPU could not build ${what}: ${error.message}`);
    return result;
  }

  /** Does `work`, which awaits nothing; assertAlive throws if the GPU refuses any of it. */
  watch(work: () => void): void {
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

  /** Whether the device is gone. */
  get lost(): boolean {
    return this.#failure?.kind === "lost";
  }

  /** Throws a GpuError if the device was lost or an error went uncaptured. Call it after every await on the GPU. */
  assertAlive(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * After a promise of the GPU was rejected: throws a GpuError if the loss of the device is behind it. The word of that
   * comes by a promise of its own, which may be a moment later.
   */
  async explainRejection(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moment = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 1000);
    });
    await Promise.race([this.device.lost, moment]);
    clearTimeout(timer);
    this.assertAlive();
  }

  /** Closes the device, which is lost from now on, unless it is the caller's. In Node this is what lets the process end. */
  destroy(): void {
    if (!this.#owned) return;
    this.#failure = new GpuError("The GPU device was closed.", "lost");
    this.device.destroy();
  }

  #refused(error: GPUError): void {
    this.#failure ??=
      error.constructor.name === "GPUOutOfMemoryError"
        ? new GpuError(`The GPU ran out of memory: ${lessMemory}.`, "memory")
        : new GpuError(`The GPU refused a command: ${error.message}`);
  }
}
