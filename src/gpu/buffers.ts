import { InputError } from "../spec/input-error.ts";
import type { Gpu } from "./gpu.ts";

type Data = Float32Array | Uint32Array | Uint8Array;

// GPUBufferUsage, a global that Node does not have.
const copySource = 0x4;
const copyDestination = 0x8;
const uniformUsage = 0x40;
const storageUsage = 0x80;

/** Something that holds GPU memory until it is destroyed. */
export interface Destroyable {
  destroy(): void;
}

/** Owns GPU buffers, and owners of such, and destroys them together. Every buffer of the program has exactly one owner. */
export class Buffers {
  readonly #gpu: Gpu;
  readonly #owned: Destroyable[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** The most bytes that one storage buffer can have on this adapter. */
  get largest(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#gpu.device.limits;
    return Math.min(maxStorageBufferBindingSize, maxBufferSize);
  }

  /** A storage buffer of zeros. Throws an InputError, before anything is allocated, when the adapter allows less. */
  storage(label: string, bytes: number): GPUBuffer {
    if (bytes > this.largest) {
      throw new InputError(
        `The buffer "${label}" needs ${megabytes(bytes)}, but the adapter ${this.#gpu.adapter.name} allows ${megabytes(this.largest)} per buffer.`,
      );
    }
    return this.#create(label, bytes, storageUsage | copySource | copyDestination);
  }

  /** A storage buffer that holds `data`. */
  storageOf(label: string, data: Data): GPUBuffer {
    const buffer = this.storage(label, data.byteLength);
    this.#gpu.device.queue.writeBuffer(buffer, 0, data as GPUAllowSharedBufferSource);
    return buffer;
  }

  /** A uniform buffer that holds `data`. */
  uniformOf(label: string, data: Data): GPUBuffer {
    const buffer = this.#create(label, data.byteLength, uniformUsage | copyDestination);
    this.#gpu.device.queue.writeBuffer(buffer, 0, data as GPUAllowSharedBufferSource);
    return buffer;
  }

  /** Takes something over, to be destroyed with the buffers. */
  own<T extends Destroyable>(owned: T): T {
    this.#owned.push(owned);
    return owned;
  }

  destroy(): void {
    for (const owned of this.#owned.splice(0).reverse()) owned.destroy();
  }

  #create(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    return this.own(
      this.#gpu.device.createBuffer({
        label,
        size: Math.max(16, 4 * Math.ceil(bytes / 4)),
        usage,
      }),
    );
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
