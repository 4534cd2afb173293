import { type Picture, type PictureRows, type PictureSize, type RowSink, rowsOf } from "../data/picture.ts";
import type { Device } from "../device/device.ts";
import { bandsOf, windowGrid, windowsAcross, windowsOf } from "../math/window-grid.ts";
import { InputError } from "../spec/input-error.ts";
import { checkStrength, isConvolutional, type Model, type NetworkSpec } from "../spec/network.ts";
import { checkPicture, fitted } from "./fitted-picture.ts";
import { strengthOfPicture } from "./noise-strength.ts";
import { PictureBuffers } from "./picture-buffers.ts";
import {
  overlappingWindows,
  tiles,
  type WindowOptions,
  type WindowPlan,
  type WindowPlanner,
} from "./window-plans.ts";
import { WorkSlices } from "./work-slices.ts";

/** Bytes of picture rows, as float32, on the device at a time. */
const usualBandBytes = 2 ** 24;

/** Maximum number of submits in flight: one that computes, one that waits behind it. */
const maxUnderway = 2;

/** The windows of a picture are numbered with 32 bits. */
const maxWindows = 2 ** 32;

/** How a network is applied to a picture, and in which pieces. */
export interface PictureDenoiserOptions extends WindowOptions {
  /** Bytes of the picture's rows, as float32, on the device at a time; at least one row of windows is used. */
  readonly bandBytes?: number | undefined;
}

/** A share, 0 to 1, or one that is estimated place by place. */
export type Blend = number | "auto";

/** Options for denoising a picture. */
export interface PictureTask {
  /** Aborting it stops the work within two submits, and `denoise` throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every submit with the number of finished windows and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /**
   * The standard deviation of the noise, 0 to 10, where white is 1. Only for networks with a noise map. 0 leaves the picture as it is.
   * Default: an estimate from the picture, which is 0 if it finds no noise.
   */
  readonly strength?: number | undefined;
  /**
   * The share of the network's result in the picture: 0 leaves it as it is. "auto" is for networks that learned from blind spots: each
   * place gets a share according to the error of the network there, which is estimated. Default: 1.
   */
  readonly blend?: Blend | undefined;
}

/** What was done to a picture. */
export interface PictureReport {
  /** The strength of the noise that the network was given; undefined for a network without a noise map. */
  readonly strength: number | undefined;
}

/**
 * A trained network for pictures of any size. A network of dense layers denoises overlapping windows and takes their weighted mean
 * where they overlap; one of convolutions denoises large tiles, with the same result as the whole picture at once. A picture is
 * processed in bands of rows, in bounded memory; only the blend "auto" holds the whole result. The split into bands and batches does not change the bits of the result.
 */
export class PictureDenoiser {
  readonly #device: Device;
  readonly #network: NetworkSpec;
  readonly #planner: WindowPlanner;
  readonly #bandBytes: number;

  private constructor(device: Device, network: NetworkSpec, planner: WindowPlanner, bandBytes: number) {
    this.#device = device;
    this.#network = network;
    this.#planner = planner;
    this.#bandBytes = bandBytes;
  }

  /**
   * Loads a model onto the device. Throws an InputError or a DeviceError, and frees everything, when it does not fit.
   */
  static async create(
    device: Device,
    model: Model,
    { bandBytes = usualBandBytes, ...options }: PictureDenoiserOptions = {},
  ): Promise<PictureDenoiser> {
    const planner = await (isConvolutional(model.network)
      ? tiles(device, model, options)
      : overlappingWindows(device, model, options));
    return new PictureDenoiser(device, model.network, planner, bandBytes);
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
  async denoise(
    source: PictureRows,
    sink: RowSink,
    { signal, onProgress, strength, blend = 1 }: PictureTask = {},
  ): Promise<PictureReport> {
    signal?.throwIfAborted();
    checkPicture(source);
    checkStrength(this.#network, strength);
    checkBlend(this.#network, blend);
    const level = await strengthOfPicture(this.#network, source, strength);
    const report = { strength: this.#network.noiseMap ? level : undefined };
    if (report.strength === 0 || blend === 0) {
      await copyRows(source, sink, this.#bandBytes);
      onProgress?.(1, 1);
      return report;
    }
    const plan = await this.#planner.plan(source, level);
    try {
      const task = { signal, onProgress };
      if (blend === "auto") {
        const result = await inMemory(source, (into) => this.#denoiseWindows(plan, source, into, task));
        const { automaticBlend } = await import("../filters/automatic-blend.ts");
        const slices = new WorkSlices();
        await automaticBlend(source, result, sink, () => slices.breathe(signal));
      } else {
        await this.#denoiseWindows(plan, source, blended(source, sink, blend), task);
      }
    } finally {
      plan.destroy();
    }
    return report;
  }

  async #denoiseWindows(
    plan: WindowPlan,
    source: PictureRows,
    sink: RowSink,
    { signal, onProgress }: PictureTask,
  ): Promise<void> {
    const { network, strides, batch } = plan;
    const [rows, columns] = network.image;
    const fit = fitted(source, sink, { image: plan.least, channels: network.channels });
    const grid = windowGrid(fit.source, { rows, columns, channels: network.channels }, strides);
    const total = windowsOf(grid);
    if (total > maxWindows) {
      throw new InputError(
        `${total} windows, ${strides[0]} pixels apart, cover the picture, but at most ${maxWindows} can be denoised.`,
      );
    }

    const width = grid.across.length * grid.planes;
    const bands = bandsOf(grid, Math.floor(this.#bandBytes / (4 * width)));
    const picture = await PictureBuffers.create(
      this.#device,
      grid,
      Math.max(...bands.map(({ top, bottom }) => bottom - top)),
      plan.weights(grid),
      plan,
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
          this.#device.submit(picture.batch(first, count, plan.forward(count)));
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
    return inMemory(picture, async (sink) => {
      await this.denoise(rowsOf(picture), sink, task);
    });
  }

  destroy(): void {
    this.#planner.destroy();
  }
}

/** The picture that `write` passes to the sink, of the size of another. */
async function inMemory(
  { rows, columns, channels }: PictureSize,
  write: (sink: RowSink) => Promise<void>,
): Promise<Picture> {
  const values = new Float32Array(rows * columns * channels);
  await write((first, finished) => values.set(finished, first * columns * channels));
  return { rows, columns, channels, values };
}

function checkBlend({ noiseMap }: NetworkSpec, blend: Blend): void {
  if (blend === "auto" && noiseMap) {
    throw new InputError(
      'The blend "auto" is for networks that learned from blind spots, but this one has a noise map, which they cannot have.',
    );
  }
  if (blend === "auto" || (blend >= 0 && blend <= 1)) return;
  throw new InputError(`The share of the network's result must be from 0 to 1, but it is ${blend}.`);
}

/** Passes the rows of a picture to the sink unchanged. */
async function copyRows(source: PictureRows, sink: RowSink, bandBytes: number): Promise<void> {
  const band = Math.max(1, Math.floor(bandBytes / (4 * source.columns * source.channels)));
  for (let first = 0; first < source.rows; first += band) {
    await sink(first, Float32Array.from(await source.read(first, Math.min(source.rows, first + band))));
  }
}

/** A sink that mixes the network's rows with the picture's own, which are not yet overwritten then. */
function blended(source: PictureRows, sink: RowSink, blend: number): RowSink {
  if (blend === 1) return sink;
  return async (first, values) => {
    const before = await source.read(first, first + values.length / (source.columns * source.channels));
    return sink(
      first,
      values.map((value, index) => blend * value + (1 - blend) * (before[index] ?? 0)),
    );
  };
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
