import type { Device, Readback, Region, RegionBytes } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { gpuBuffer } from "./pipeline.ts";

const mapRead = 0x1; // GPUBufferUsage.MAP_READ
const copyDestination = 0x8; // GPUBufferUsage.COPY_DST
const mapModeRead = 0x1; // GPUMapMode.READ

/** A WebGPU device, and its failure, if any. */
export interface WatchedDevice extends Pick<Device, "assertAlive" | "explainRejection"> {
  readonly device: GPUDevice;
}

/** A staging buffer for reads from the GPU. */
export class GpuReadback implements Readback {
  readonly #gpu: WatchedDevice;
  readonly #staging: GPUBuffer;

  /** `capacity` is the maximum number of bytes per read. */
  constructor(gpu: WatchedDevice, capacity: number) {
    this.#gpu = gpu;
    this.#staging = gpu.device.createBuffer({
      label: "readback",
      size: capacity,
      usage: mapRead | copyDestination,
    });
  }

  async read<const R extends readonly Region[]>(regions: R): Promise<RegionBytes<R>> {
    const size = regions.reduce((sum, { bytes }) => sum + bytes, 0);
    const encoder = this.#gpu.device.createCommandEncoder({ label: "readback" });
    let start = 0;
    for (const { buffer, offset = 0, bytes } of regions) {
      encoder.copyBufferToBuffer(gpuBuffer(buffer), offset, this.#staging, start, bytes);
      start += bytes;
    }
    this.#gpu.device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(mapModeRead, 0, size).catch(async (error: unknown) => {
      await this.#gpu.explainRejection();
      throw new DeviceError(`The GPU did not return its results: ${String(error)}`, "lost", error);
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
