import { formatBytes, pictureFormat } from "../../data/file-kinds.ts";
import type { PictureRows } from "../../data/picture.ts";
import { fromOverWhite, overWhite } from "../../data/transparency.ts";
import { streams } from "../../math/streams.ts";
import type { Region, RegionPicture } from "../../network/centre-out.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import { addNoise } from "../../reference/noise.ts";
import { InputError } from "../../spec/input-error.ts";
import { checkPictureSize, isGrey, type Pixels } from "../shared/picture-files.ts";

/** The same picture always gets the same noise, so that the results of networks can be compared. */
const noiseKey = { seed: 0, stream: streams.validationNoise, epoch: 0 };

/**
 * Decodes a picture file, upright and in sRGB, and adds Gaussian noise of this standard deviation. Browsers store colours multiplied by
 * alpha, so those of nearly transparent pixels are imprecise. Throws an InputError that names the file if it is not a picture or is too
 * large, and the reason of `signal` when that is aborted.
 */
export async function readPicture(file: File, noise: number, signal?: AbortSignal): Promise<Pixels> {
  const bitmap = await createImageBitmap(file).catch(async (cause: unknown) => {
    throw new InputError(`${file.name} ${await whyUnread(file)}`, { cause });
  });
  try {
    signal?.throwIfAborted();
    const { width: columns, height: rows } = bitmap;
    checkPictureSize(file.name, { rows, columns });
    const context = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (!context) throw new InputError(`${file.name} needs more memory than this browser has left.`);
    context.drawImage(bitmap, 0, 0);
    const rgba = new Uint8ClampedArray(context.getImageData(0, 0, columns, rows).data);
    const pixels = { rows, columns, rgba };
    if (noise > 0) await makeNoisy(pixels, noise, signal);
    return pixels;
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

/** Adds noise, which is grey in a grey picture. Alpha gets none. Each row is a separate image for the noise. */
export async function makeNoisy(pixels: Pixels, noise: number, signal?: AbortSignal): Promise<void> {
  const { rows, columns, rgba } = pixels;
  const channels = isGrey(pixels) ? 1 : 3;
  const kind = { stages: [{ kind: "gaussian", setting: noise }], clip: true } as const;
  const slices = new WorkSlices();
  for (let row = 0; row < rows; row++) {
    const region = { top: row, bottom: row + 1, left: 0, right: columns };
    const values = valuesOf(pixels, region, channels);
    put(
      { rows, columns, rgba },
      region,
      channels,
      addNoise(values, { rows: 1, columns, channels }, kind, noiseKey, row),
    );
    await slices.breathe(signal);
  }
}

/**
 * A decoded picture whose regions are read, and the denoised pixels, which are kept in bytes. The network sees the picture over white. Alpha
 * does not change, and neither do the colours of pixels whose alpha is 0.
 */
export class RgbaPicture implements RegionPicture {
  readonly rows: number;
  readonly columns: number;
  /** 1 if the picture is grey, otherwise 3. */
  readonly channels: number;
  readonly before: Pixels;
  /** The denoised picture, for the regions that were written; elsewhere the picture itself. */
  readonly after: Pixels;

  constructor(pixels: Pixels) {
    const { rows, columns, rgba } = pixels;
    this.rows = rows;
    this.columns = columns;
    this.channels = isGrey(pixels) ? 1 : 3;
    this.before = pixels;
    this.after = { rows, columns, rgba: rgba.slice() };
  }

  /** Values [bottom - top, right - left, channels] in [0, 1]. */
  read(region: Region): Float32Array<ArrayBuffer> {
    return valuesOf(this.before, region, this.channels);
  }

  /** The picture as rows. */
  get lines(): PictureRows {
    const { rows, columns, channels } = this;
    const read = (top: number, bottom: number) => this.read({ top, bottom, left: 0, right: columns });
    return { rows, columns, channels, read };
  }

  /** Writes denoised values of a region, which are clipped to [0, 1], and returns its pixels [bottom - top, right - left, 4]. */
  write(region: Region, values: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
    put(this.after, region, this.channels, values);
    const { rgba } = this.after;
    const { top, bottom, left, right } = region;
    const width = 4 * (right - left);
    const part = new Uint8ClampedArray((bottom - top) * width);
    for (let row = top; row < bottom; row++) {
      const from = 4 * (row * this.columns + left);
      part.set(rgba.subarray(from, from + width), (row - top) * width);
    }
    return part;
  }

  /** The denoised picture as a PNG file. */
  async encode(): Promise<Blob> {
    const { rows, columns, rgba } = this.after;
    const canvas = new OffscreenCanvas(columns, rows);
    const context = canvas.getContext("2d");
    if (!context) throw new InputError("The result needs more memory than this browser has left.");
    context.putImageData(new ImageData(rgba, columns, rows), 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  }
}

/**
 * The side of the picture that is denoised before there is one: so long that the networks for photographs use the kernels that they use for
 * a photograph, because those of smaller pictures are others on a software GPU. On the CPU the browser optimizes the code meanwhile.
 */
export const preparationSide = 128;

/** That picture: grey with clipped noise of about 0.1, so that the estimate of its strength computes all that it may. */
export const preparation = {
  ...{ rows: preparationSide, columns: preparationSide, channels: 3 },
  read: ({ top, bottom, left, right }: Region) =>
    Float32Array.from({ length: 3 * (bottom - top) * (right - left) }, (_, place) =>
      place % 101 === 0 ? 1 : 0.5 + 0.15 * Math.sin(place ** 2),
    ),
};

function valuesOf(
  { rgba, columns }: Pixels,
  { top, bottom, left, right }: Region,
  channels: number,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array((bottom - top) * (right - left) * channels);
  let to = 0;
  for (let row = top; row < bottom; row++) {
    const end = 4 * (row * columns + right);
    for (let from = 4 * (row * columns + left); from < end; from += 4) {
      const alpha = (rgba[from + 3] ?? 255) / 255;
      for (let channel = 0; channel < channels; channel++)
        values[to++] = overWhite((rgba[from + channel] ?? 0) / 255, alpha);
    }
  }
  return values;
}

function put(
  { rgba, columns }: Pixels,
  { top, bottom, left, right }: Region,
  channels: number,
  values: ArrayLike<number>,
): void {
  let from = 0;
  for (let row = top; row < bottom; row++) {
    const end = 4 * (row * columns + right);
    for (let to = 4 * (row * columns + left); to < end; to += 4) {
      const alpha = (rgba[to + 3] ?? 255) / 255;
      for (let colour = 0; colour < 3 && alpha > 0; colour++) {
        // The array rounds to integers.
        rgba[to + colour] = 255 * fromOverWhite(values[from + (channels === 1 ? 0 : colour)] ?? 0, alpha);
      }
      from += channels;
    }
  }
}
