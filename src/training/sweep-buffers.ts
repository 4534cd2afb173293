import type { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer, Region } from "../device/device.ts";
import { cursorStorage, type Sweep, sweepUniform } from "../kernels/sweep.ts";

/** A sweep through images on the device, a batch at a time: its order, its position and its metrics. */
export class SweepBuffers {
  /** Images a sweep visits. */
  readonly count: number;
  /** Images per step. */
  readonly batch: number;
  /** Steps of a sweep; the last may have fewer images. */
  readonly steps: number;
  /** `struct Sweep`. */
  readonly uniform: DeviceBuffer;
  readonly order: DeviceBuffer;
  readonly cursor: DeviceBuffer;
  readonly metrics: DeviceBuffer;
  readonly #device: Device;
  readonly #spec: Omit<Sweep, "epoch">;

  /** Allocates from `buffers`. Visits images 0 .. count - 1 in file order, unless `visit` or a shuffle changes it. */
  constructor(device: Device, buffers: Buffers, label: string, spec: Omit<Sweep, "epoch">) {
    this.#device = device;
    this.#spec = spec;
    this.count = spec.count;
    this.batch = spec.batch;
    this.steps = Math.ceil(spec.count / spec.batch);
    this.uniform = buffers.uniformOf(`${label}.sweep`, sweepUniform({ ...spec, epoch: 0 }));
    const inFileOrder = Uint32Array.from({ length: spec.count }, (_, position) => position);
    this.order = buffers.storageOf(`${label}.order`, inFileOrder);
    this.cursor = buffers.storageOf(`${label}.cursor`, cursorStorage(0));
    this.metrics = buffers.storage(`${label}.metrics`, 8 * spec.count);
  }

  /** Sets the sweep to its first step, or to `step` when it continues a sweep, with the noise of `epoch`. */
  rewind(epoch: number, step = 0): void {
    this.#device.write(this.uniform, 0, sweepUniform({ ...this.#spec, epoch }));
    this.#device.write(this.cursor, 0, cursorStorage(step));
  }

  /** Visits these images, at most `count`, from the first step on. */
  visit(images: readonly number[]): void {
    this.#device.write(this.order, 0, Uint32Array.from(images));
    this.#device.write(this.uniform, 0, sweepUniform({ ...this.#spec, epoch: 0, count: images.length }));
    this.#device.write(this.cursor, 0, cursorStorage(0));
  }

  /** `struct Cursor`. */
  get cursorRegion(): Region {
    return { buffer: this.cursor, bytes: 12 };
  }

  /** The metrics of the images at positions `first` up to, not including, `end`. */
  metricsRegion(first = 0, end = this.count): Region {
    return { buffer: this.metrics, offset: 8 * first, bytes: 8 * (end - first) };
  }
}
