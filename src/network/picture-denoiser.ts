import { type Picture, type PictureRows, type RowSink, rowsOf } from "../data/picture.ts";
import { Buffers } from "../device/buffers.ts";
import type { Device, Dispatch } from "../device/device.ts";
import { type Family, usualFamily, workgroupTile } from "../kernels/family.ts";
import { layOut } from "../math/layout.ts";
import { bandsOf, windowGrid, windowsAcross, windowsOf } from "../math/window-grid.ts";
import { gridWeights, type Weighting } from "../math/window-weights.ts";
import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";
import { type Model, multiplyAdds, type NetworkSpec } from "../spec/network.ts";
import { fitted, usualStride } from "./fitted-picture.ts";
import { forwardPass } from "./forward.ts";
import { NetworkBuffers } from "./network-buffers.ts";
import { PictureBuffers, type WindowNetwork } from "./picture-buffers.ts";

/** Bytes of picture rows, as float32, on the device at a time. */
const usualBandBytes = 2 ** 24;

/** Maximum number of submits in flight: one that computes, one that waits behind it. */
const maxUnderway = 2;

/** The windows of a picture are numbered with 32 bits. */
const maxWindows = 2 ** 32;

/** How a network is applied to a picture. */
export interface PictureDenoiserOptions {
  /** Pixels from one window to the next, from 1 to the window's shorter side. Default: a quarter of that side. */
  readonly stride?: number | undefined;
  /** The weighting of values where windows overlap, by position in the window. */
  readonly weighting?: Weighting | undefined;
  /** Maximum number of windows per forward pass. Default: chosen from the memory and work needed. */
  readonly batch?: number | undefined;
  /** Bytes of the picture's rows, as float32, on the device at a time; at least one row of windows is used. */
  readonly bandBytes?: number | undefined;
  /** The implementation of products. Default: the usual one for the adapter. */
  readonly family?: Family | undefined;
}

/** Options for denoising a picture. */
export interface PictureTask {
  /** Aborting it stops the work within two submits, and `denoise` throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every submit with the number of finished windows and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A network on the device, and its options. */
interface Parts extends WindowNetwork {
  readonly network: NetworkSpec;
  readonly forward: readonly Dispatch[];
  readonly stride: number;
  readonly weighting: Weighting;
  readonly bandBytes: number;
}

/**
 * A trained network for pictures of any size. It denoises overlapping windows and takes their weighted mean where
 * they overlap. A picture is processed in bands of rows, in bounded memory. The split into bands and batches does not
 * change the bits of the result.
 */
export class PictureDenoiser {
  readonly #device: Device;
  readonly #buffers: Buffers;
  readonly #parts: Parts;

  private constructor(device: Device, buffers: Buffers, parts: Parts) {
    this.#device = device;
    this.#buffers = buffers;
    this.#parts = parts;
  }

  /**
   * Loads a model onto the device. Throws an InputError or a DeviceError, and frees everything, when it does not fit.
   */
  static async create(
    device: Device,
    { network, layers }: Model,
    options: PictureDenoiserOptions = {},
  ): Promise<PictureDenoiser> {
    const side = Math.min(...network.image);
    const { stride = usualStride(network), weighting = "gaussian", bandBytes = usualBandBytes } = options;
    checkInteger(`The stride of windows of ${network.image.join(" x ")} pixels`, stride, 1, side);
    const fitting = fittingBatch(network);
    const { batch = fitting } = options;
    checkInteger("The batch of windows", batch, 1, 65_536);
    // Chosen by the default batch, so that another batch size gives the same bits.
    const family = options.family ?? usualFamily(device.adapter, network, fitting);

    const buffers = new Buffers(device);
    try {
      const allocated = await device.build("the network", () => {
        const placed = new NetworkBuffers(device, buffers, network, batch);
        return { placed, activations: buffers.storage("activations", placed.activationBytes) };
      });
      allocated.placed.write(layers);
      return new PictureDenoiser(device, buffers, {
        network,
        activations: allocated.activations,
        outputOffset: allocated.placed.layout.pictureOffset,
        forward: (await forwardPass(device, family, allocated.placed, allocated.activations)).flat(),
        stride,
        weighting,
        batch,
        bandBytes,
      });
    } catch (error) {
      buffers.destroy();
      throw error;
    }
  }

  /**
   * Denoises a picture with values in [0, 1], of 1 or 3 channels. The result is passed to `sink`, with the picture's
   * size and not clipped. A grey network denoises the channels of a colour picture one by one. A colour network gets
   * a grey picture as three equal channels, and the mean of its output channels is used. A picture smaller than a
   * window is mirrored up to its size.
   *
   * Rows that were passed to the sink are never read again, so the sink may overwrite them. Throws an InputError or a
   * DeviceError when the picture is too large for the adapter, and any error of `source`, `sink` and `onProgress`.
   */
  async denoise(source: PictureRows, sink: RowSink, { signal, onProgress }: PictureTask = {}): Promise<void> {
    signal?.throwIfAborted();
    const { network, stride, batch, bandBytes, forward } = this.#parts;
    const [rows, columns] = network.image;
    const fit = fitted(source, sink, network);
    const grid = windowGrid(fit.source, { rows, columns, channels: network.channels }, stride);
    const total = windowsOf(grid);
    if (total > maxWindows) {
      throw new InputError(
        `${total} windows, ${stride} pixels apart, cover the picture, but at most ${maxWindows} can be denoised.`,
      );
    }

    const width = grid.across.length * grid.planes;
    const bands = bandsOf(grid, Math.floor(bandBytes / (4 * width)));
    const picture = await PictureBuffers.create(
      this.#device,
      grid,
      Math.max(...bands.map(({ top, bottom }) => bottom - top)),
      gridWeights(this.#parts.weighting, grid, network.channels),
      this.#parts,
    );
    const underway = new Underway(this.#device);
    let done = 0;
    let given: Promise<void> = Promise.resolve();
    try {
      for (const band of bands) {
        picture.begin(band, await fit.source.read(band.top, band.bottom));
        const end = band.end * windowsAcross(grid);
        for (let first = band.first * windowsAcross(grid); first < end; first += batch) {
          const count = Math.min(batch, end - first);
          this.#device.submit(picture.batch(first, count, forRows(forward, count)));
          await underway.submitted(() => {
            done += count;
            onProgress?.(done, total);
          });
          signal?.throwIfAborted();
        }
        await given;
        given = picture.finished().then((values) => fit.sink(band.top, values));
        // Awaited later. Until then, a failure must not count as an unhandled rejection.
        given.catch(() => {});
      }
      await underway.drained();
      await given;
    } finally {
      await Promise.allSettled([underway.drained(), given]);
      picture.destroy();
    }
  }

  /** Denoises a picture in memory. */
  async denoisePicture(picture: Picture, task?: PictureTask): Promise<Picture> {
    const values = new Float32Array(picture.values.length);
    const width = picture.columns * picture.channels;
    await this.denoise(rowsOf(picture), (first, rows) => values.set(rows, first * width), task);
    return { ...picture, values };
  }

  destroy(): void {
    this.#buffers.destroy();
  }
}

/** Running submits, each with its progress to report on completion. */
class Underway {
  readonly #device: Device;
  readonly #submits: Promise<void>[] = [];

  constructor(device: Device) {
    this.#device = device;
  }

  /** Registers a submit and waits until another one may follow. */
  async submitted(onDone: () => void): Promise<void> {
    const done = this.#device.done().then(onDone);
    // Awaited later. Until then, a failure must not count as an unhandled rejection.
    done.catch(() => {});
    this.#submits.push(done);
    if (this.#submits.length >= maxUnderway) await this.#submits.shift();
    this.#device.assertAlive();
  }

  /** Waits until no work is in progress. */
  async drained(): Promise<void> {
    await Promise.all(this.#submits.splice(0));
    this.#device.assertAlive();
  }
}

/** The dispatches of a batch for its first rows only, without workgroups for the other rows. */
function forRows(forward: readonly Dispatch[], rows: number): Dispatch[] {
  return forward.map((dispatch) => ({
    ...dispatch,
    workgroups: [dispatch.workgroups[0], Math.ceil(rows / workgroupTile)],
  }));
}

/**
 * The number of windows whose activations take at most 32 MiB and whose forward pass takes at most 2^30 multiply-adds:
 * a second on a software GPU, short enough for a GPU's watchdog and for Ctrl-C, and long enough to keep it busy.
 */
function fittingBatch(network: NetworkSpec): number {
  const { activationQuads } = layOut(network, 4);
  const fitting = Math.floor(
    Math.min(4096, 2 ** 25 / (4 * activationQuads), 2 ** 30 / multiplyAdds(network)),
  );
  return fitting < workgroupTile ? Math.max(1, fitting) : fitting - (fitting % workgroupTile);
}
