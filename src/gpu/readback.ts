import type { Gpu } from "./gpu.ts";
import { GpuError } from "./gpu-error.ts";

const mapRead = 0x1; // GPUBufferUsage.MAP_READ
const copyDestination = 0x8; // GPUBufferUsage.COPY_DST
const mapModeRead = 0x1; // GPUMapMode.READ

/** A part of a buffer; offset and bytes are multiples of 4. */
export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly bytes: number;
}

/** The bytes of each region, in the same order. */
type RegionBytes<R extends readonly Region[]> = { -readonly [K in keyof R]: ArrayBuffer };

/** A staging buffer through which bytes come back from the GPU, again and again, one read at a time. */
export class Readback {
  readonly #gpu: Gpu;
  readonly #staging: GPUBuffer;

  /** `capacity` is the most bytes of one read. */
  constructor(gpu: Gpu, capacity: number) {
    this.#gpu = gpu;
    this.#staging = gpu.device.createBuffer({
      label: "readback",
      size: capacity,
      usage: mapRead | copyDestination,
    });
  }

  /** Copies regions of GPU buffers back in one wait, once everything submitted so far is done. */
  async read<const R extends readonly Region[]>(regions: R): Promise<RegionBytes<R>> {
    const size = regions.reduce((sum, { bytes }) => sum + bytes, 0);
    const encoder = this.#gpu.device.createCommandEncoder({ label: "readback" });
    let start = 0;
    for (const { buffer, offset = 0, bytes } of regions) {
      encoder.copyBufferToBuffer(buffer, offset, this.#staging, start, bytes);
      start += bytes;
    }
    this.#gpu.device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(mapModeRead, 0, size).catch(async (error: unknown) => {
      await this.#gpu.explainRejection();
      throw new GpuError(`The GPU did not return its results: ${String(error)}`, "lost", error);
    });
    this.#gpu.assertAlive();
    const mapped = this.#staging.getMappedRange(0, size);
    let end = 0;
    const copies = regions.map(({ bytes }) => {
      end += bytes;
      return mapped.slice(end - bytes, end);
    }) as RegionBytes<R>;
    this.#staging.unmap();
    return copies;
  }

  destroy(): void {
    this.#staging.destroy();
  }
}

/** One read through a staging buffer of its own. */
export async function readBack<const R extends readonly Region[]>(
  gpu: Gpu,
  regions: R,
): Promise<RegionBytes<R>> {
  const readback = new Readback(
    gpu,
    regions.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  try {
    return await readback.read(regions);
  } finally {
    readback.destroy();
  }
}
