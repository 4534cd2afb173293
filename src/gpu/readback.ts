import type { Gpu } from "./gpu.ts";

const mapRead = 0x1; // GPUBufferUsage.MAP_READ
const copyDestination = 0x8; // GPUBufferUsage.COPY_DST
const mapModeRead = 0x1; // GPUMapMode.READ

/** A part of a buffer; offset and bytes are multiples of 4. */
export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly bytes: number;
}

/** Copies regions of GPU buffers back in one staging buffer and one wait, and gives their bytes in the same order. */
export async function readBack<const R extends readonly Region[]>(
  gpu: Gpu,
  regions: R,
): Promise<{ -readonly [K in keyof R]: ArrayBuffer }> {
  const size = regions.reduce((sum, { bytes }) => sum + bytes, 0);
  const staging = gpu.device.createBuffer({ label: "readback", size, usage: mapRead | copyDestination });
  try {
    const encoder = gpu.device.createCommandEncoder({ label: "readback" });
    let start = 0;
    for (const { buffer, offset = 0, bytes } of regions) {
      encoder.copyBufferToBuffer(buffer, offset, staging, start, bytes);
      start += bytes;
    }
    gpu.device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapModeRead).catch((error: unknown) => {
      gpu.assertAlive();
      throw error;
    });
    gpu.assertAlive();
    const copy = staging.getMappedRange().slice(0);
    let end = 0;
    return regions.map(({ bytes }) => {
      end += bytes;
      return copy.slice(end - bytes, end);
    }) as { -readonly [K in keyof R]: ArrayBuffer };
  } finally {
    staging.destroy();
  }
}
