import type { AdapterSummary } from "../gpu/adapter.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Profiler } from "../gpu/profiler.ts";
import type { Family } from "../kernels/family.ts";
import { Denoiser } from "../network/denoiser.ts";
import { PictureDenoiser } from "../network/picture-denoiser.ts";
import type { Model } from "../spec/network.ts";
import type { FamilyMemory } from "../training/family-memory.ts";
import type { Engine, EngineDenoiser, EnginePictureDenoiser } from "./engine.ts";
import { Outliving } from "./outliving.ts";

/** A device in use, until it is released, once. */
export interface GpuLease {
  readonly gpu: Gpu;
  release(): void;
}

export interface GpuEngineOptions {
  /** Opens a device: the first one, and another one where that is lost. */
  readonly openGpu: () => Promise<GpuLease>;
  /** Whether a lost device is replaced, which one that the caller brought cannot be. Default: true. */
  readonly replacesLost?: boolean | undefined;
  /** How products are computed, instead of the way that proves fastest. */
  readonly family?: Family | undefined;
  /** Where the fastest way is remembered. */
  readonly memory?: FamilyMemory | undefined;
  /** Whether the kernels of a step are left for a trainer's `prepare`, or its first step. */
  readonly compileLater?: boolean | undefined;
  /** Makes the profiler of a device, for a run whose launches are to be measured. */
  readonly profilerOf?: ((gpu: Gpu) => Profiler | undefined) | undefined;
  /** Called with a sentence, and the adapter in use, when a training continues after a loss. */
  readonly onRecovery?: ((sentence: string, adapter: AdapterSummary) => void) | undefined;
}

/** The GPU. Where its device is lost, another one takes its place in all that was made on it. */
export class GpuEngine implements Engine {
  readonly backend = "gpu";
  readonly options: GpuEngineOptions;
  #lease: GpuLease;
  /** The device that is being opened in place of a lost one. */
  #opening: Promise<Gpu> | undefined;
  #closed = false;

  private constructor(lease: GpuLease, options: GpuEngineOptions) {
    this.#lease = lease;
    this.options = options;
  }

  /** Throws a GpuError where there is no GPU to compute with. */
  static async open(options: GpuEngineOptions): Promise<GpuEngine> {
    return new GpuEngine(await options.openGpu(), options);
  }

  /** The device in use; another one after a loss. */
  get gpu(): Gpu {
    return this.#lease.gpu;
  }

  get adapter(): AdapterSummary {
    return this.gpu.adapter;
  }

  get profiles(): boolean {
    return this.options.profilerOf !== undefined && this.gpu.device.features.has("timestamp-query");
  }

  async createDenoiser(model: Model, batch?: number): Promise<EngineDenoiser> {
    const denoiser = await this.#outliving((gpu) => Denoiser.create(gpu, model, batch));
    return {
      denoise: (images) => denoiser.do((made) => made.denoise(images)),
      encode: (images) => denoiser.do((made) => made.encode(images)),
      decode: (codes) => denoiser.do((made) => made.decode(codes)),
      destroy: () => denoiser.destroy(),
    };
  }

  async createPictureDenoiser(
    model: Model,
    options: { readonly stride?: number | undefined } = {},
  ): Promise<EnginePictureDenoiser> {
    const { family } = this.options;
    const denoiser = await this.#outliving((gpu) =>
      PictureDenoiser.create(gpu, model, { ...options, family }),
    );
    return {
      denoise: (source, sink, task) => denoiser.do((made) => made.denoise(source, sink, task)),
      denoisePicture: (picture, task) => denoiser.do((made) => made.denoisePicture(picture, task)),
      destroy: () => denoiser.destroy(),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#lease.release();
  }

  /** Whether a lost device is replaced. */
  get replacesLost(): boolean {
    return this.options.replacesLost !== false;
  }

  #outliving<T extends { destroy(): void }>(make: (gpu: Gpu) => Promise<T>): Promise<Outliving<T>> {
    return Outliving.create(() => this.device(), make);
  }

  /** The device, or another one where it is lost. */
  async device(): Promise<Gpu> {
    if (!this.gpu.lost || this.#closed || !this.replacesLost) return this.gpu;
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<Gpu> {
    const lost = this.#lease;
    const lease = await this.options.openGpu();
    if (this.#closed) lease.release();
    else {
      this.#lease = lease;
      lost.release();
    }
    return lease.gpu;
  }
}
