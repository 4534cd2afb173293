import { type Picture, type PictureRows, type RowSink, rowsOf } from "../data/picture.ts";
import { Buffers } from "../device/buffers.ts";
import type { Device, Dispatch } from "../device/device.ts";
import { type Family, usualFamily, workgroupTile } from "../kernels/family.ts";
import { last } from "../math/last.ts";
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

/** Submits that may be in flight at once: one that computes, one that waits behind it. */
const maxUnderway = 2;

/** The windows of a picture are numbered with 32 bits. */
const maxWindows = 2 ** 32;

/** How a network is laid over a picture. */
export interface PictureDenoiserOptions {
  /** Pixels from one window to the next, from 1 to the window's shorter side. Default: a quarter of that side. */
  readonly stride?: number | undefined;
  /** What a value counts where windows overlap, by its place in its window. */
  readonly weighting?: Weighting | undefined;
  /** Windows that go through the network at a time, at most. Default: as many as fit well. */
  readonly batch?: number | undefined;
  /** Bytes of the picture's rows, as float32, that are on the device at a time; at least a row of windows is. */
  readonly bandBytes?: number | undefined;
  /** How products are computed. Default: the usual way for the adapter. */
  readonly family?: Family | undefined;
}

/** What may go along with the denoising of a picture. */
export interface PictureTask {
  /** Aborting it ends the work within two submits, and `denoise` throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told, after every submit, of the windows that are done and of how many there are. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A network on the device, and how it is used. */
interface Parts extends WindowNetwork {
  readonly network: NetworkSpec;
  readonly forward: readonly Dispatch[];
  readonly stride: number;
  readonly weighting: Weighting;
  readonly bandBytes: number;
}

/**
 * A trained network at work on pictures of any size: it denoises overlapping windows, and where they overlap, their weighted
 * mean counts. A picture goes through in bands of rows, in bounded memory; how it is cut into bands and batches changes no
 * bit of the result.
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

  /** Puts a model on the device. Throws an InputError or a DeviceError, leaving nothing behind, when it does not fit. */
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
    // By the usual batch, so that another one gives the same bits.
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
        outputOffset: last(allocated.placed.layout.layers).outputOffset,
        forward: await forwardPass(device, family, allocated.placed, allocated.activations),
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
   * Denoises a picture with values in [0, 1], of 1 or 3 channels. The result goes to `sink`, of the picture's size and not
   * clipped. A grey network denoises the channels of a colour picture one by one; a colour network gets a grey picture as
   * three equal channels, and the mean of what it gives counts. A picture smaller than a window is mirrored up to it.
   *
   * Rows that went to the sink are never read again, so that it may overwrite them. Throws an InputError or a DeviceError when
   * the picture is too large for the adapter, and whatever `source`, `sink` and `onProgress` throw.
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
        // It is waited for later; until then a failure must not count as an unhandled rejection.
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

/** Running submits, each with the progress to report when it is done. */
class Underway {
  readonly #device: Device;
  readonly #submits: Promise<void>[] = [];

  constructor(device: Device) {
    this.#device = device;
  }

  /** Tells of a submit, and waits until another may follow. */
  async submitted(onDone: () => void): Promise<void> {
    const done = this.#device.done().then(onDone);
    // It is waited for later; until then a failure must not count as an unhandled rejection.
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

/** The dispatches of a batch for its first rows alone: without the workgroups that have none of them. */
function forRows(forward: readonly Dispatch[], rows: number): Dispatch[] {
  return forward.map((dispatch) => ({
    ...dispatch,
    workgroups: [dispatch.workgroups[0], Math.ceil(rows / workgroupTile)],
  }));
}

/**
 * Windows whose way through the network takes about 32 MiB, and 2^30 multiply-adds: a second on a software GPU, little
 * enough for a GPU's watchdog and for Ctrl-C, and enough to keep it busy.
 */
function fittingBatch(network: NetworkSpec): number {
  const { activationQuads } = layOut(network, 4);
  const fitting = Math.floor(
    Math.min(4096, 2 ** 25 / (4 * activationQuads), 2 ** 30 / multiplyAdds(network)),
  );
  return fitting < workgroupTile ? Math.max(1, fitting) : fitting - (fitting % workgroupTile);
}
