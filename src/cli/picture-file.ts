import { constants } from "node:buffer";
import { access, type FileHandle, open } from "node:fs/promises";
import sharp, { type Metadata, type OutputInfo, type Sharp } from "sharp";
import type { PictureRows } from "../data/picture.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";

// Every file is read once or twice and then never again.
sharp.cache(false);

/** Pixels that a picture may have. */
const maxPixels = 2 ** 30;

/** How strongly lossy formats compress, of 100: little, since what is lost would be blamed on the network. */
const quality = 95;

const formats = ["png", "jpeg", "webp", "tiff"] as const;
type Format = (typeof formats)[number];

/** What libvips calls grey and RGB of 8 and 16 bits, and their channels without alpha. */
const spaces = { "b-w": 1, grey16: 1, srgb: 3, rgb16: 3 } as const;
type Space = keyof typeof spaces;

type Samples = Uint8Array | Uint16Array;

/** A picture file in memory, of which rows are read and overwritten. Alpha, profile, EXIF and XMP stay as they were. */
export class PictureFile implements PictureRows {
  readonly rows: number;
  readonly columns: number;
  /** Those that have colour: 1 or 3. */
  readonly channels: number;
  readonly #name: string;
  readonly #path: string;
  readonly #kind: Kind;
  /** [rows, columns, stride] */
  readonly #samples: Samples;
  /** Samples of a pixel, alpha among them. */
  readonly #stride: number;

  private constructor(
    name: string,
    path: string,
    kind: Kind,
    { width, height }: OutputInfo,
    samples: Samples,
  ) {
    this.rows = height;
    this.columns = width;
    this.channels = spaces[kind.space];
    this.#name = name;
    this.#path = path;
    this.#kind = kind;
    this.#samples = samples;
    this.#stride = samples.length / (width * height);
  }

  /** Reads a PNG, JPEG, WebP or TIFF file, upright; throws an InputError that calls it `name` when it cannot be used. */
  static async open(start: StartFolder, name: string): Promise<PictureFile> {
    const path = userPath(start, name);
    await access(path).catch((cause: unknown) => {
      throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
    });
    try {
      const kind = kindOf(await picture(path).metadata(), name);
      // As grey bytes, libvips gives no alpha.
      const greyWithAlpha = kind.space === "b-w" && kind.metadata.hasAlpha;
      const { data, info } = await picture(path)
        .toColourspace(greyWithAlpha ? "srgb" : kind.space)
        .raw({ depth: kind.deep ? "ushort" : "uchar" })
        .toBuffer({ resolveWithObject: true });
      if (greyWithAlpha) return new PictureFile(name, path, kind, info, firstAndLast(data, 4));
      const samples = kind.deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
      return new PictureFile(name, path, kind, info, samples);
    } catch (cause) {
      throw cause instanceof InputError ? cause : unreadable(name, cause);
    }
  }

  /** Rows `first` up to, not including, `end`: [end - first, columns, channels] in [0, 1]. */
  read(first: number, end: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array((end - first) * this.columns * this.channels);
    const { channels } = this;
    const most = this.#most;
    let from = first * this.columns * this.#stride;
    for (let to = 0; to < values.length; to += channels, from += this.#stride) {
      for (let channel = 0; channel < channels; channel++) {
        values[to + channel] = (this.#samples[from + channel] ?? 0) / most;
      }
    }
    return values;
  }

  /** Overwrites rows from `first` on with values [count, columns, channels]; what is outside [0, 1] is clipped. */
  write(first: number, values: Float32Array): void {
    const { channels } = this;
    const most = this.#most;
    let to = first * this.columns * this.#stride;
    for (let from = 0; from < values.length; from += channels, to += this.#stride) {
      for (let channel = 0; channel < channels; channel++) {
        const value = Math.min(Math.max(values[from + channel] ?? 0, 0), 1);
        this.#samples[to + channel] = Math.round(value * most);
      }
    }
  }

  /**
   * The file with the samples as they are now, in the format that it was read from; throws an InputError when the file is no
   * longer there. What comes along with a picture is only written by a pipeline that starts from its file, so the pixels of
   * the file are made 0 there, and the samples or-ed in.
   */
  async encode(): Promise<Uint8Array> {
    const { space } = this.#kind;
    const channels = this.#stride as 1 | 2 | 3 | 4;
    const raw = { width: this.columns, height: this.rows, channels };
    const blank = picture(this.#path).toColourspace(space).linear(0, 0);
    const full = blank.boolean(this.#samples as Buffer, "or", { raw }).keepMetadata();
    try {
      return await (await this.#inFormat(full)).toBuffer();
    } catch (cause) {
      throw unreadable(this.#name, cause);
    }
  }

  async #inFormat(full: Sharp): Promise<Sharp> {
    const { format, metadata } = this.#kind;
    switch (format) {
      case "png":
        return full.png();
      case "jpeg": {
        const chromaSubsampling = metadata.chromaSubsampling === "4:2:0" ? "4:2:0" : "4:4:4";
        return full.jpeg({ quality, chromaSubsampling, progressive: metadata.isProgressive ?? false });
      }
      case "webp":
        return full.webp({ quality, alphaQuality: 100, lossless: await isLosslessWebp(this.#path) });
      case "tiff":
        return full.tiff({ compression: "deflate" });
    }
  }

  /** What white is. */
  get #most(): number {
    return this.#kind.deep ? 65_535 : 255;
  }
}

/** What to throw when sharp does not read a file, or not a second time. */
function unreadable(name: string, cause: unknown): InputError {
  const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  return new InputError(`${name} cannot be read as a picture: ${why}.`, { cause });
}

/** The first and the last of every `stride` samples. */
function firstAndLast(samples: Uint8Array, stride: number): Uint8Array {
  const chosen = new Uint8Array((2 * samples.length) / stride);
  for (let from = 0, to = 0; from < samples.length; from += stride) {
    chosen[to++] = samples[from] ?? 0;
    chosen[to++] = samples[from + stride - 1] ?? 0;
  }
  return chosen;
}

/** A file's picture, upright, with its numbers as they are: by no colour profile changed. kindOf checks how large it is. */
function picture(path: string): Sharp {
  return sharp(path, { autoOrient: true, ignoreIcc: true, limitInputPixels: false });
}

/** What kind of picture a file holds. */
interface Kind {
  readonly format: Format;
  readonly space: Space;
  /** 16 bits a sample; 8 otherwise. */
  readonly deep: boolean;
  readonly metadata: Metadata;
}

/** The kind of a picture by its header; throws an InputError when it is none that can be denoised. */
function kindOf(metadata: Metadata, name: string): Kind {
  const { width = 0, height = 0, pages = 1, channels = 0, depth, hasAlpha } = metadata;
  const format = formats.find((format) => format === metadata.format);
  if (!format) {
    throw new InputError(
      `${name} is a file of the format ${metadata.format}, but only PNG, JPEG, WebP and TIFF pictures are denoised.`,
    );
  }
  if (pages > 1)
    throw new InputError(`${name} has ${pages} pages, but only files of one picture are denoised.`);
  const deep = depth === "ushort";
  const space = (Object.keys(spaces) as Space[]).find((space) => space === metadata.space);
  if (!space || (!deep && depth !== "uchar") || channels !== spaces[space] + (hasAlpha ? 1 : 0)) {
    throw new InputError(
      `${name} has ${channels} channels of the colour space ${metadata.space} as ${depth}, but only grey and RGB pictures of 8 or 16 bits are denoised.`,
    );
  }
  const bytes = width * height * channels * (deep ? 2 : 1);
  if (width * height > maxPixels || bytes > constants.MAX_LENGTH) {
    throw new InputError(
      `${name} has ${height} x ${width} pixels, ${gigabytes(bytes)} in memory, but at most ${maxPixels} pixels and ${gigabytes(constants.MAX_LENGTH)} can be denoised.`,
    );
  }
  return { format, space, deep, metadata };
}

/** Whether a WebP file is compressed without loss: by the name of its first chunk of pixels. */
async function isLosslessWebp(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    for (let position = 12; ; ) {
      const { name, size } = await chunkAt(file, position);
      if (name === "VP8L") return true;
      if (name === "VP8 " || name === "") return false;
      position += 8 + size + (size % 2);
    }
  } finally {
    await file.close();
  }
}

/** The name and the size of a RIFF chunk; an empty name past the end. */
async function chunkAt(file: FileHandle, position: number): Promise<{ name: string; size: number }> {
  const header = Buffer.alloc(8);
  const { bytesRead } = await file.read(header, 0, header.length, position);
  if (bytesRead < header.length) return { name: "", size: 0 };
  return { name: header.toString("latin1", 0, 4), size: header.readUInt32LE(4) };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
