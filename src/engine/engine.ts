import type { PictureRows, RowSink } from "../data/picture.ts";
import type { AdapterSummary } from "../device/adapter.ts";
import type { Backend, Device, Profiler } from "../device/device.ts";
import type { Family } from "../kernels/family.ts";
import { Denoiser } from "../network/denoiser.ts";
import {
  PictureDenoiser,
  type PictureDenoiserOptions,
  type PictureReport,
  type PictureTask,
} from "../network/picture-denoiser.ts";
import type { Model } from "../spec/network.ts";
import type { FamilyMemory } from "../training/family-memory.ts";
import type { RunState } from "../training/run-state.ts";
import type { Trainer, TrainerOptions } from "../training/trainer.ts";
import { Recovering } from "./recovering.ts";

/** A training run on any device. */
export type EngineTrainer = Pick<
  Trainer,
  | "spec"
  | "network"
  | "family"
  | "profiler"
  | "imageCounts"
  | "progress"
  | "prepare"
  | "epochs"
  | "step"
  | "weights"
  | "preview"
  | "state"
  | "destroy"
> & {
  /** A recent state of the run; it is available after the device was lost. */
  readonly keptState?: RunState | undefined;
};

/** The start of a run. */
export interface Beginning extends TrainerOptions {
  /** The implementation of products. Default: the engine's. */
  readonly family?: Family | undefined;
}

/** A trained network that denoises images of its own size. */
export type EngineDenoiser = Pick<Denoiser, "denoise" | "encode" | "decode" | "layerOutputs" | "destroy">;

/** A picture whose rows are overwritten by their results. */
export interface OverwrittenPicture extends PictureRows {
  readonly write: RowSink;
}

/** A trained network that denoises pictures of any size. */
export interface EnginePictureDenoiser
  extends Pick<PictureDenoiser, "denoise" | "denoisePicture" | "destroy"> {
  /**
   * Denoises a picture in its own place and returns it. `open` is called again if the device is lost in between, because some rows
   * are already overwritten then.
   */
  denoiseInPlace<P extends OverwrittenPicture>(
    open: () => Promise<P>,
    task?: PictureTask,
  ): Promise<PictureReport & { readonly picture: P }>;
}

/** A device that is in use until it is released, once. */
export interface DeviceLease {
  readonly device: Device;
  release(): void;
}

/** The lease of a device without other users: it is destroyed when it is released. */
export function sole(device: Device): DeviceLease {
  return { device, release: () => device.destroy() };
}

export interface EngineOptions {
  /** Opens a device: the first one, and another one after a loss. */
  readonly openDevice: () => Promise<DeviceLease>;
  /** Whether a lost device is replaced. A device provided by the caller cannot be replaced. Default: true. */
  readonly replacesLost?: boolean | undefined;
  /** The implementation of products. Default: the fastest one, by a trial. */
  readonly family?: Family | undefined;
  /** The storage for the fastest implementation. */
  readonly memory?: FamilyMemory | undefined;
  /** Whether the kernels of a step are compiled later, by a trainer's `prepare` or its first step. */
  readonly compileLater?: boolean | undefined;
  /** Creates a profiler for a device, if launches are to be measured. */
  readonly profilerOf?: ((device: Device) => Profiler | undefined) | undefined;
  /** Called with a sentence, and the adapter in use, when a training continues after a loss. */
  readonly onRecovery?: ((sentence: string, adapter: AdapterSummary) => void) | undefined;
}

/** Trains and denoises on a device. If the device is lost, another one replaces it for everything created on it. */
export class Engine {
  readonly options: EngineOptions;
  #lease: DeviceLease;
  /** The replacement for a lost device, while it is being opened. */
  #opening: Promise<Device> | undefined;
  #closed = false;

  private constructor(lease: DeviceLease, options: EngineOptions) {
    this.#lease = lease;
    this.options = options;
  }

  /** Throws a DeviceError if no device is available. */
  static async open(options: EngineOptions): Promise<Engine> {
    return new Engine(await options.openDevice(), options);
  }

  /** The device in use; another one after a loss. */
  get device(): Device {
    return this.#lease.device;
  }

  get backend(): Backend {
    return this.device.backend;
  }

  get adapter(): AdapterSummary {
    return this.device.adapter;
  }

  get profiles(): boolean {
    return this.options.profilerOf !== undefined && this.device.profiles;
  }

  async createDenoiser(model: Model, batch?: number): Promise<EngineDenoiser> {
    const denoiser = await this.#recovering((device) => Denoiser.create(device, model, batch));
    return {
      denoise: (images, strength) => denoiser.do((made) => made.denoise(images, strength)),
      encode: (images) => denoiser.do((made) => made.encode(images)),
      decode: (codes) => denoiser.do((made) => made.decode(codes)),
      layerOutputs: (image, use) => denoiser.do((made) => made.layerOutputs(image, use)),
      destroy: () => denoiser.destroy(),
    };
  }

  async createPictureDenoiser(
    model: Model,
    { stride, family = this.options.family }: Pick<PictureDenoiserOptions, "stride" | "family"> = {},
  ): Promise<EnginePictureDenoiser> {
    const denoiser = await this.#recovering((device) =>
      PictureDenoiser.create(device, model, { stride, family }),
    );
    return {
      denoise: (source, sink, task) => denoiser.do((made) => made.denoise(source, sink, task)),
      denoiseInPlace: (open, task) =>
        denoiser.do(async (made) => {
          const picture = await open();
          const report = await made.denoise(picture, (first, rows) => picture.write(first, rows), task);
          return { ...report, picture };
        }),
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

  #recovering<T extends { destroy(): void }>(make: (device: Device) => Promise<T>): Promise<Recovering<T>> {
    return Recovering.create(() => this.liveDevice(), make);
  }

  /** The device, or a replacement if it is lost. */
  async liveDevice(): Promise<Device> {
    if (!this.device.lost || this.#closed || !this.replacesLost) return this.device;
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<Device> {
    const lost = this.#lease;
    const lease = await this.options.openDevice();
    if (this.#closed) lease.release();
    else {
      this.#lease = lease;
      lost.release();
    }
    return lease.device;
  }
}
