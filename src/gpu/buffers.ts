import { InputError } from "../spec/input-error.ts";
import type { Gpu } from "./gpu.ts";

type Data = Float32Array | Uint32Array | Uint8Array;

// GPUBufferUsage, a global that Node does not have.
const copySource = 0x4;
const copyDestination = 0x8;
const uniformUsage = 0x40;
const storageUsage = 0x80;

/** Owns GPU buffers and destroys them together. Every buffer of the program has exactly one such owner. */
export class Buffers {
  readonly #gpu: Gpu;
  readonly #buffers: GPUBuffer[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#buffers.reduce((sum, { size }) => sum + size, 0);
  }

  /** A storage buffer of zeros. Throws an InputError, before anything is allocated, when the adapter allows less. */
  storage(label: string, bytes: number): GPUBuffer {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#gpu.device.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    if (bytes > limit) {
      throw new InputError(
        `The buffer "${label}" needs ${megabytes(bytes)}, but the adapter ${this.#gpu.adapter.name} allows ${megabytes(limit)} a buffer.`,
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

  destroy(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
  }

  #create(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#gpu.device.createBuffer({
      label,
      size: Math.max(16, 4 * Math.ceil(bytes / 4)),
      usage,
    });
    this.#buffers.push(buffer);
    return buffer;
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
