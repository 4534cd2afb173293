import { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer, Dispatch, Readback } from "../device/device.ts";
import {
  blendInvocations,
  blendWindows,
  cutInvocations,
  cutWindows,
  windowBatchBytes,
  windowBatchUniform,
} from "../kernels/windows.ts";
import type { Band, WindowGrid } from "../math/window-grid.ts";
import { WeightedMeans, type WindowWeights } from "../math/window-weights.ts";

/** The input and output of windows in a network. */
export interface WindowNetwork {
  /** The windows are its block 0; the denoised ones are at `outputOffset`, in quads. */
  readonly activations: DeviceBuffer;
  readonly outputOffset: number;
  /** The maximum number of windows per batch. */
  readonly batch: number;
}

/** The device resources for one picture. */
interface Resources {
  /** `struct WindowBatch`, written before every batch. */
  readonly windows: DeviceBuffer;
  /** The rows of a band. */
  readonly picture: DeviceBuffer;
  readonly cut: Dispatch;
  /** The weighted sums over the rows of a band. There are two, because a buffer cannot be copied into itself. */
  readonly sums: readonly { readonly buffer: DeviceBuffer; readonly blend: Dispatch }[];
  readonly readback: Readback;
}

/** One picture on the device, band by band: its rows, and the sums of the denoised windows over them. */
export class PictureBuffers {
  readonly #device: Device;
  readonly #buffers: Buffers;
  readonly #grid: WindowGrid;
  readonly #network: WindowNetwork;
  readonly #resources: Resources;
  readonly #means: WeightedMeans;
  #band: Band = { first: 0, end: 0, top: 0, bottom: 0, finished: 0 };
  /** The index of the band's sums. */
  #turn = 0;

  private constructor(
    device: Device,
    buffers: Buffers,
    grid: WindowGrid,
    weights: WindowWeights,
    network: WindowNetwork,
    resources: Resources,
  ) {
    this.#device = device;
    this.#buffers = buffers;
    this.#grid = grid;
    this.#network = network;
    this.#resources = resources;
    this.#means = new WeightedMeans(grid, weights);
  }

  /**
   * Allocates for bands of up to `rows` rows; throws an InputError or a DeviceError, and frees everything, when there
   * is not enough memory.
   */
  static async create(
    device: Device,
    grid: WindowGrid,
    rows: number,
    weights: WindowWeights,
    network: WindowNetwork,
  ): Promise<PictureBuffers> {
    const buffers = new Buffers(device);
    const { activations, batch } = network;
    try {
      const cutPipeline = await device.pipeline(cutWindows);
      const blendPipeline = await device.pipeline(blendWindows);
      const allocate = () => {
        const bytes = rows * rowBytes(grid);
        const windows = buffers.uniformOf("windows", new Uint8Array(windowBatchBytes));
        const picture = buffers.storage("picture", bytes);
        const weightBuffer = buffers.storageOf(
          "window weights",
          Float32Array.from([...weights.rows, ...weights.columns]),
        );
        const cut = cutPipeline.bind({ windows, picture, activations }, cutInvocations(grid, batch));
        const sums = [0, 1].map((turn) => {
          const buffer = buffers.storage(`sums(${turn})`, bytes);
          const bound = { windows, weights: weightBuffer, activations, sums: buffer };
          return { buffer, blend: blendPipeline.bind(bound, blendInvocations(grid, batch)) };
        });
        return { windows, picture, cut, sums, readback: buffers.own(device.createReadback(bytes)) };
      };
      // The memory is the GPU's own, or the computer's.
      const close = `close what else uses ${device.backend === "gpu" ? "the GPU" : "memory"}`;
      const resources = await device.build("the picture", allocate, close);
      return new PictureBuffers(device, buffers, grid, weights, network, resources);
    } catch (error) {
      buffers.destroy();
      throw error;
    }
  }

  /**
   * Starts the next band, with the picture's rows `values`; the unfinished sums of the previous band are carried
   * over.
   */
  begin(band: Band, values: Float32Array): void {
    const { picture, sums } = this.#resources;
    const before = this.#band;
    const from = this.#sums;
    this.#band = band;
    this.#turn = (this.#turn + 1) % sums.length;
    const carried = (before.bottom - before.finished) * rowBytes(this.#grid);
    this.#device.write(picture, 0, values);
    const offset = (before.finished - before.top) * rowBytes(this.#grid);
    this.#device.copy({ buffer: from.buffer, offset, bytes: carried }, this.#sums.buffer);
  }

  /**
   * The dispatches for windows `first` up to, not including, `first + count` of the band; `forward` denoises them.
   */
  batch(first: number, count: number, forward: readonly Dispatch[]): Dispatch[] {
    const { windows, cut } = this.#resources;
    const { batch, outputOffset } = this.#network;
    const uniform = windowBatchUniform(this.#grid, batch, {
      first,
      count,
      top: this.#band.top,
      outputOffset,
    });
    this.#device.write(windows, 0, uniform);
    return [cut, ...forward, this.#sums.blend];
  }

  /** The finished rows of the band, [count, columns, channels], after all their submits are done. */
  async finished(): Promise<Float32Array<ArrayBuffer>> {
    const { top, finished } = this.#band;
    const { readback } = this.#resources;
    const bytes = (finished - top) * rowBytes(this.#grid);
    const [sums] = await readback.read([{ buffer: this.#sums.buffer, bytes }]);
    return this.#means.divide(new Float32Array(sums), top);
  }

  destroy(): void {
    this.#buffers.destroy();
  }

  get #sums() {
    const sums = this.#resources.sums[this.#turn];
    if (!sums) throw new RangeError(`There are no sums ${this.#turn}.`);
    return sums;
  }
}

/** Bytes of a picture's row on the device. */
function rowBytes({ across, planes }: WindowGrid): number {
  return 4 * across.length * planes;
}
