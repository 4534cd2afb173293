import { InputError } from "../spec/input-error.ts";
import type { Data, Device, DeviceBuffer } from "./device.ts";

/** An object that holds device memory until it is destroyed. */
export interface Destroyable {
  destroy(): void;
}

/**
 * Owns buffers, and objects that own buffers, and destroys them together. Every buffer of the program has exactly one
 * owner.
 */
export class Buffers {
  readonly #device: Device;
  readonly #owned: Destroyable[] = [];

  constructor(device: Device) {
    this.#device = device;
  }

  /**
   * A storage buffer of zeros. Throws an InputError before allocating anything when it exceeds the adapter's limits.
   */
  storage(label: string, bytes: number): DeviceBuffer {
    const { largestBuffer, adapter } = this.#device;
    if (bytes > largestBuffer) {
      throw new InputError(
        `The buffer "${label}" needs ${megabytes(bytes)}, but the adapter ${adapter.name} allows ${megabytes(largestBuffer)} per buffer.`,
      );
    }
    return this.#create(label, bytes, "storage");
  }

  /** A storage buffer that holds `data`. */
  storageOf(label: string, data: Data): DeviceBuffer {
    return this.#filled(this.storage(label, data.byteLength), data);
  }

  /** A uniform buffer that holds `data`. */
  uniformOf(label: string, data: Data): DeviceBuffer {
    return this.#filled(this.#create(label, data.byteLength, "uniform"), data);
  }

  /** Takes ownership of an object, which is destroyed together with the buffers. */
  own<T extends Destroyable>(owned: T): T {
    this.#owned.push(owned);
    return owned;
  }

  destroy(): void {
    for (const owned of this.#owned.splice(0).reverse()) owned.destroy();
  }

  #create(label: string, bytes: number, use: "uniform" | "storage"): DeviceBuffer {
    return this.own(this.#device.createBuffer(label, Math.max(16, 4 * Math.ceil(bytes / 4)), use));
  }

  #filled(buffer: DeviceBuffer, data: Data): DeviceBuffer {
    this.#device.write(buffer, 0, data);
    return buffer;
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
