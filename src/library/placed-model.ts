import type { Gpu } from "../gpu/gpu.ts";
import { CpuDenoiser } from "../network/cpu-denoiser.ts";
import { CpuPictureDenoiser } from "../network/cpu-picture-denoiser.ts";
import { Denoiser } from "../network/denoiser.ts";
import { PictureDenoiser } from "../network/picture-denoiser.ts";
import type { Model } from "../spec/network.ts";

/** A network at work on images of its own size, whatever computes it. */
export type AnyDenoiser = Pick<Denoiser, "denoise" | "encode" | "decode" | "destroy">;

/** A network at work on pictures of any size. */
export type AnyPictureDenoiser = Pick<PictureDenoiser, "denoisePicture" | "destroy">;

/** Rows that a denoiser for few of them is made for: it computes as many, however few there are. */
const few = 8;

/** A model where it computes, put there as far as it is needed. */
export class PlacedModel {
  readonly #model: Model;
  /** Nothing: the CPU computes. */
  readonly #gpu: Gpu | undefined;
  readonly #denoisers = new Made<"few" | "many", AnyDenoiser>();
  readonly #pictureDenoisers = new Made<number | undefined, AnyPictureDenoiser>();

  constructor(model: Model, gpu: Gpu | undefined) {
    this.#model = model;
    this.#gpu = gpu;
  }

  /** Whether the device is gone, and all that lay on it. */
  get lost(): boolean {
    return this.#gpu?.lost ?? false;
  }

  /** What takes `rows` rows well. Throws an InputError or a GpuError when the model does not fit. */
  denoiser(rows: number): Promise<AnyDenoiser> {
    const gpu = this.#gpu;
    if (!gpu) return this.#denoisers.get("many", () => CpuDenoiser.create(this.#model));
    return rows <= few
      ? this.#denoisers.get("few", () => Denoiser.create(gpu, this.#model, few))
      : this.#denoisers.get("many", () => Denoiser.create(gpu, this.#model));
  }

  /** Throws an InputError or a GpuError when the model does not fit, or the stride. */
  pictureDenoiser(stride: number | undefined): Promise<AnyPictureDenoiser> {
    return this.#pictureDenoisers.get(stride, () =>
      this.#gpu
        ? PictureDenoiser.create(this.#gpu, this.#model, { stride })
        : CpuPictureDenoiser.create(this.#model, { stride }),
    );
  }

  destroy(): void {
    this.#denoisers.destroy();
    this.#pictureDenoisers.destroy();
  }
}

/** Things that are made when they are first asked for, and again if that failed. */
class Made<K, T extends { destroy(): void }> {
  readonly #made = new Map<K, Promise<T>>();

  get(key: K, make: () => Promise<T>): Promise<T> {
    const found = this.#made.get(key);
    if (found !== undefined) return found;
    const making = make();
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key));
    return making;
  }

  destroy(): void {
    for (const making of this.#made.values()) {
      making.then(
        (made) => made.destroy(),
        () => {},
      );
    }
  }
}
