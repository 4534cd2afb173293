import type { Device } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { InputError } from "../spec/input-error.ts";

/** The maximum number of device losses to recover from in one call of `do`. */
const mostLosses = 3;

/** Something on a device, and the device. */
interface Placed<T> {
  readonly device: Device;
  readonly made: T;
}

/**
 * An object on a device. If the device is lost, the object is created again on another device and the work in
 * progress is repeated. No result of a lost device is used.
 */
export class Recovering<T extends { destroy(): void }> {
  readonly #open: () => Promise<Device>;
  readonly #make: (device: Device) => Promise<T>;
  #placed: Promise<Placed<T>> | undefined;

  /** `open` gives a device that is not lost. */
  private constructor(open: () => Promise<Device>, make: (device: Device) => Promise<T>) {
    this.#open = open;
    this.#make = make;
  }

  /** Throws the errors of `open` and `make`, except for a loss. */
  static async create<T extends { destroy(): void }>(
    open: () => Promise<Device>,
    make: (device: Device) => Promise<T>,
  ): Promise<Recovering<T>> {
    const recovering = new Recovering(open, make);
    await recovering.do(async () => {});
    return recovering;
  }

  /** Does `work`, and repeats it if the device is lost meanwhile. */
  async do<R>(work: (made: T) => Promise<R>): Promise<R> {
    for (let losses = 0; ; losses++) {
      const placed = this.#placed ?? this.#place();
      this.#placed = placed;
      let device: Device | undefined;
      try {
        const found = await placed;
        device = found.device;
        const result = await work(found.made);
        // After a loss most promises still resolve.
        device.assertAlive();
        return result;
      } catch (error) {
        const lost = await isLoss(error, device);
        // If creation failed, it is tried again the next time.
        if (lost || !device) this.#forget(placed);
        if (!lost || losses === mostLosses) throw error;
      }
    }
  }

  destroy(): void {
    this.#forget(this.#placed);
  }

  /** Other work may have noticed the same loss before. */
  #forget(placed: Promise<Placed<T>> | undefined): void {
    if (this.#placed !== placed) return;
    this.#placed = undefined;
    void placed?.then(
      ({ made }) => made.destroy(),
      () => {},
    );
  }

  async #place(): Promise<Placed<T>> {
    const device = await this.#open();
    return { device, made: await this.#make(device) };
  }
}

/** Whether the loss of the device caused an error of work on it. */
async function isLoss(error: unknown, device: Device | undefined): Promise<boolean> {
  if (error instanceof DeviceError) return error.kind === "lost" || device?.lost === true;
  if (error instanceof InputError || !device) return false;
  if (error instanceof DOMException && error.name === "AbortError") return false;
  // Consequences of a loss may be reported before the loss itself.
  await device.explainRejection().catch(() => {});
  return device.lost;
}
