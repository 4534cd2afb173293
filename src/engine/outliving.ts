import type { Gpu } from "../gpu/gpu.ts";
import { GpuError } from "../gpu/gpu-error.ts";
import { InputError } from "../spec/input-error.ts";

/** Losses of the device that are made good in one piece of work. */
const mostLosses = 3;

/** Something on a device, and the device. */
interface Placed<T> {
  readonly gpu: Gpu;
  readonly made: T;
}

/**
 * Something on the device that is made again on another one where the device is lost, and the work in progress
 * with it is done again: nothing that a dying device gave back is used.
 */
export class Outliving<T extends { destroy(): void }> {
  readonly #open: () => Promise<Gpu>;
  readonly #make: (gpu: Gpu) => Promise<T>;
  #placed: Promise<Placed<T>> | undefined;

  /** `open` gives a device that is not lost. */
  private constructor(open: () => Promise<Gpu>, make: (gpu: Gpu) => Promise<T>) {
    this.#open = open;
    this.#make = make;
  }

  /** Throws what `open` and `make` throw, a loss aside. */
  static async create<T extends { destroy(): void }>(
    open: () => Promise<Gpu>,
    make: (gpu: Gpu) => Promise<T>,
  ): Promise<Outliving<T>> {
    const outliving = new Outliving(open, make);
    await outliving.do(async () => {});
    return outliving;
  }

  /** Does `work`, and again where the device is lost meanwhile. */
  async do<R>(work: (made: T) => Promise<R>): Promise<R> {
    for (let losses = 0; ; losses++) {
      const placed = this.#placed ?? this.#place();
      this.#placed = placed;
      let gpu: Gpu | undefined;
      try {
        const found = await placed;
        gpu = found.gpu;
        const result = await work(found.made);
        // After a loss most promises still resolve.
        gpu.assertAlive();
        return result;
      } catch (error) {
        const lost = await isLoss(error, gpu);
        // What could not be made is tried again the next time.
        if (lost || !gpu) this.#forget(placed);
        if (!lost || losses === mostLosses) throw error;
      }
    }
  }

  destroy(): void {
    this.#forget(this.#placed);
  }

  /** Other work may have met with the same loss before. */
  #forget(placed: Promise<Placed<T>> | undefined): void {
    if (this.#placed !== placed) return;
    this.#placed = undefined;
    void placed?.then(
      ({ made }) => made.destroy(),
      () => {},
    );
  }

  async #place(): Promise<Placed<T>> {
    const gpu = await this.#open();
    return { gpu, made: await this.#make(gpu) };
  }
}

/** Whether the loss of the device is behind an error of work on it. */
async function isLoss(error: unknown, gpu: Gpu | undefined): Promise<boolean> {
  if (error instanceof GpuError) return error.kind === "lost" || gpu?.lost === true;
  if (error instanceof InputError || !gpu) return false;
  if (error instanceof DOMException && error.name === "AbortError") return false;
  // What follows from a loss may be heard of before the loss itself.
  await gpu.explainRejection().catch(() => {});
  return gpu.lost;
}
