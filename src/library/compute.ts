import type { Gpu } from "../gpu/gpu.ts";
import { GpuError } from "../gpu/gpu-error.ts";
import { InputError } from "../spec/input-error.ts";
import { borrowGpu, type GpuLease, leaseGpu } from "./shared-gpu.ts";

/** What the kernels run on: a GPU by WebGPU, or the CPU in float64, the same to float32's rounding. */
export type Backend = "gpu" | "cpu";

/** What is to compute. */
export interface ComputeOptions {
  /**
   * A device of yours. It is used with the limits and features that it has and is never closed; its handlers are left alone and
   * hear of nothing that the library does. Left out, the library opens a device, which all its trainings and models share and
   * the last of them to be disposed closes.
   */
  readonly device?: GPUDevice;
  /** Where to ask for a device, if none is given: `navigator.gpu` if left out, and Dawn (the package `webgpu`) in Node. */
  readonly gpu?: GPU;
  /** Force one. Left out, it is the GPU, or the CPU where there is no GPU. */
  readonly backend?: Backend;
}

/** What computes for one training or model, until it is closed. */
export class Compute {
  readonly backend: Backend;
  /** Why the CPU computes although nobody asked for it: one sentence. */
  readonly fallbackReason: string | undefined;
  readonly #options: ComputeOptions;
  #lease: GpuLease | undefined;
  #closed = false;

  private constructor(options: ComputeOptions, lease?: GpuLease, fallbackReason?: string) {
    this.backend = lease ? "gpu" : "cpu";
    this.fallbackReason = fallbackReason;
    this.#options = options;
    this.#lease = lease;
  }

  /** Throws an InputError for options that contradict each other, and a GpuError where the GPU is wanted and there is none. */
  static async open(options: ComputeOptions): Promise<Compute> {
    const { device, backend } = options;
    if (backend !== undefined && backend !== "gpu" && backend !== "cpu") {
      throw new InputError(`The backend must be gpu or cpu, but it is ${String(backend)}.`);
    }
    if (device && backend === "cpu") {
      throw new InputError("A device is given, but the backend is cpu: leave one of the two out.");
    }
    if (backend === "cpu") return new Compute(options);
    try {
      return new Compute(options, await take(options));
    } catch (error) {
      const missing = error instanceof GpuError && error.kind === "unavailable";
      if (backend === "gpu" || !missing) throw error;
      return new Compute(options, undefined, error.message);
    }
  }

  /** The adapter's name, or "the CPU". */
  get adapter(): string {
    return this.#lease?.gpu.adapter.name ?? "the CPU";
  }

  /** The device; nothing where the CPU computes. */
  get gpu(): Gpu | undefined {
    return this.#lease?.gpu;
  }

  /** Whether a device that is lost can be replaced: one of the caller's cannot. */
  get canReopen(): boolean {
    return this.backend === "gpu" && this.#options.device === undefined;
  }

  /** Takes another device in place of one that was lost. */
  async reopen(): Promise<Gpu> {
    const lost = this.#lease;
    const lease = await take(this.#options);
    if (this.#closed) lease.release();
    else {
      this.#lease = lease;
      lost?.release();
    }
    return lease.gpu;
  }

  /** The same once more, to be closed on its own. */
  async share(): Promise<Compute> {
    const lease = this.backend === "gpu" ? await take(this.#options) : undefined;
    return new Compute(this.#options, lease, this.fallbackReason);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#lease?.release();
  }
}

async function take({ device, gpu }: ComputeOptions): Promise<GpuLease> {
  return device ? borrowGpu(device) : leaseGpu(gpu);
}
