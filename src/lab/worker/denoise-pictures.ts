import { formatBytes, pictureFormat } from "../../data/file-kinds.ts";
import type { PictureRows } from "../../data/picture.ts";
import { fromOverWhite, overWhite } from "../../data/transparency.ts";
import type { Engine, EnginePictureDenoiser } from "../../engine/engine.ts";
import { streams } from "../../math/streams.ts";
import { addNoise } from "../../reference/add-noise.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Model } from "../../spec/network.ts";
import type { NoiseSpec } from "../../spec/noise.ts";
import type { Progress } from "../../training/trainer.ts";
import type { DenoisedPicture, DenoiseRequest, ShareListener } from "../denoise/protocol.ts";
import { checkPictureSize, isGrey, type Pixels } from "../shared/pixels.ts";

/** Milliseconds from one report of the progress to the next. */
const shareInterval = 100;

/** What is needed to denoise a picture. */
export interface PictureTools {
  readonly engine: Engine;
  readonly model: Model;
  /** The progress of the model's run; undefined if the model is not a run's. */
  readonly progress: Progress | undefined;
}

/** The denoising of pictures, one at a time. */
export class PictureWork {
  #cancellation = new AbortController();

  /** Denoises a picture when the tools are available; undefined if it is cancelled. */
  async denoise(
    { pixels, noise }: DenoiseRequest,
    tools: Promise<PictureTools>,
    onShare: ShareListener,
  ): Promise<DenoisedPicture | undefined> {
    this.cancel();
    this.#cancellation = new AbortController();
    const { signal } = this.#cancellation;
    let denoiser: EnginePictureDenoiser | undefined;
    try {
      const { engine, model, progress } = await tools;
      signal.throwIfAborted();
      const started = performance.now();
      let told = started;
      denoiser = await engine.createPictureDenoiser(model);
      const picture = new RgbaPicture(pixels, noise);
      await denoiser.denoise(picture, (first, values) => picture.write(first, values), {
        signal,
        onProgress: (done, total) => {
          if (performance.now() - told < shareInterval) return;
          told = performance.now();
          void onShare(done / total);
        },
      });
      const seconds = (performance.now() - started) / 1000;
      return { before: picture.before, after: picture.after, seconds, network: model.network, progress };
    } catch (error) {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    } finally {
      denoiser?.destroy();
    }
  }

  cancel(): void {
    this.#cancellation.abort();
  }
}

/** The same picture always gets the same noise, so that the results of networks can be compared. */
const noiseKey = { seed: 0, stream: streams.validationNoise, epoch: 0 };

/**
 * A decoded picture whose rows are read, with Gaussian noise if requested, and overwritten by denoised rows. The rows as they were
 * read are kept in bytes, so that before and after can be shown. The network sees the picture over white. Alpha gets no noise and does not
 * change, and neither do the colours of pixels whose alpha is 0.
 */
export class RgbaPicture implements PictureRows {
  readonly rows: number;
  readonly columns: number;
  /** 1 if the picture is grey, otherwise 3. */
  readonly channels: number;
  /** The picture with its noise, for the rows that were read. */
  readonly before: Pixels;
  /** The denoised picture, for the rows that were written. */
  readonly after: Pixels;
  readonly #clean: Pixels;
  readonly #noise: NoiseSpec;

  /** `factor` is the factor of the Gaussian noise; 0 for none. */
  constructor(pixels: Pixels, factor: number) {
    const { rows, columns, rgba } = pixels;
    this.rows = rows;
    this.columns = columns;
    this.channels = isGrey(pixels) ? 1 : 3;
    this.before = { rows, columns, rgba: rgba.slice() };
    this.after = { rows, columns, rgba: rgba.slice() };
    this.#clean = pixels;
    this.#noise = { stages: factor > 0 ? [{ kind: "gaussian", setting: factor }] : [], clip: true };
  }

  /** Rows `first` up to, not including, `end`: [end - first, columns, channels] in [0, 1]. */
  read(first: number, end: number): Float32Array<ArrayBuffer> {
    if (this.#noise.stages.length > 0) {
      for (let row = first; row < end; row++) this.#addNoise(row);
    }
    return this.#values(this.before, first, end);
  }

  /** Writes denoised rows from `first` on, as values [count, columns, channels], which are clipped to [0, 1]. */
  write(first: number, values: ArrayLike<number>): void {
    this.#put(this.after, first, values);
  }

  /** For the noise every row is a separate image, so that the noise does not depend on the bands in which rows are read. */
  #addNoise(row: number): void {
    const clean = this.#values(this.#clean, row, row + 1);
    const shape = { rows: 1, columns: this.columns, channels: this.channels };
    this.#put(this.before, row, addNoise(clean, shape, this.#noise, noiseKey, row));
  }

  #values({ rgba }: Pixels, first: number, end: number): Float32Array<ArrayBuffer> {
    const { columns, channels } = this;
    const values = new Float32Array((end - first) * columns * channels);
    let from = 4 * first * columns;
    for (let to = 0; to < values.length; to += channels, from += 4) {
      for (let channel = 0; channel < channels; channel++) {
        values[to + channel] = overWhite((rgba[from + channel] ?? 0) / 255, (rgba[from + 3] ?? 255) / 255);
      }
    }
    return values;
  }

  #put({ rgba }: Pixels, first: number, values: ArrayLike<number>): void {
    const { columns, channels } = this;
    let to = 4 * first * columns;
    for (let from = 0; from < values.length; from += channels, to += 4) {
      const alpha = (rgba[to + 3] ?? 255) / 255;
      if (alpha === 0) continue;
      for (let colour = 0; colour < 3; colour++) {
        // The array rounds to integers.
        rgba[to + colour] = 255 * fromOverWhite(values[from + (channels === 1 ? 0 : colour)] ?? 0, alpha);
      }
    }
  }
}

/**
 * Decodes a picture file, upright and in sRGB. Browsers store colours multiplied by alpha, so those of nearly transparent
 * pixels are imprecise. Throws an InputError that names the file if it is not a picture or is too large.
 */
export async function readPicture(file: File): Promise<Pixels> {
  const bitmap = await createImageBitmap(file).catch(async (cause: unknown) => {
    throw new InputError(`${file.name} ${await whyUnread(file)}`, { cause });
  });
  try {
    const { width: columns, height: rows } = bitmap;
    checkPictureSize(file.name, { rows, columns });
    const context = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (!context) throw new InputError(`${file.name} needs more memory than this browser has left.`);
    context.drawImage(bitmap, 0, 0);
    return { rows, columns, rgba: new Uint8ClampedArray(context.getImageData(0, 0, columns, rows).data) };
  } finally {
    bitmap.close();
  }
}

/** Why a browser cannot decode a file: its format, or else that it is damaged or no picture at all. */
async function whyUnread(file: File): Promise<string> {
  const noBytes = () => new ArrayBuffer(0);
  const start = await file.slice(0, formatBytes).arrayBuffer().catch(noBytes);
  const format = pictureFormat(file.name, new Uint8Array(start));
  if (format !== undefined && !/PNG|JPEG|WebP/.test(format)) {
    return `is in ${format}, which this browser does not read: convert it to PNG or JPEG.`;
  }
  return "cannot be read as a picture: this browser finds no complete PNG, JPEG or WebP in it.";
}
