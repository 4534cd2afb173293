import { type FileHandle, open, readFile } from "node:fs/promises";
import type { Sharp } from "sharp";
import { NetworkView } from "../data/network-view.ts";
import type { PictureRows } from "../data/picture.ts";
import type { SampleRange } from "../data/samples.ts";
import { countOutside, type StoredPicture, strideOf } from "../data/stored-picture.ts";
import { InputError } from "../spec/input-error.ts";
import type { StartFolder } from "./io.ts";
import {
  avifSamples,
  type PictureKind,
  picturePath,
  pipeline,
  readKind,
  readPage,
  unreadable,
} from "./stored-pages.ts";
import { encodeTiff } from "./tiff-file.ts";

/** The quality of lossy formats, of 100: high, because compression losses would look like errors of the network. */
const quality = 95;

/** The range of a page's samples. */
export type RangeOfPage = (page: StoredPicture) => SampleRange;

/** A picture file whose pages are read, overwritten and written again. It keeps alpha, profile, EXIF, XMP and resolution. */
export class PictureFile {
  readonly #name: string;
  readonly #path: string;
  readonly #kind: PictureKind;
  readonly #pages: StoredPicture[] = [];

  private constructor(name: string, path: string, kind: PictureKind) {
    this.#name = name;
    this.#path = path;
    this.#kind = kind;
  }

  /** Opens a PNG, JPEG, WebP, TIFF or AVIF file; throws an InputError with its `name` if it cannot be used. */
  static async open(start: StartFolder, name: string): Promise<PictureFile> {
    const path = await picturePath(start, name);
    return new PictureFile(name, path, await readKind(path, name));
  }

  /** The number of pages: 1 except for TIFF files. */
  get pages(): number {
    return this.#kind.pages;
  }

  /** Reads page `index`, from 0; what is written to the page is encoded with the file. Throws an InputError. */
  async page(index: number, rangeOf: RangeOfPage): Promise<PicturePage> {
    const picture = await readPage(this.#path, this.#kind, this.#name, index);
    this.#pages[index] = picture;
    return new PicturePage(picture, rangeOf(picture));
  }

  /**
   * The file with the current samples of its pages, in its original format; throws an InputError if the file no longer exists.
   */
  async encode(): Promise<Uint8Array> {
    try {
      if (this.#kind.format === "tiff")
        return encodeTiff(this.#pages, await readFile(this.#path), this.#name);
      const [page] = this.#pages;
      if (!page) throw new RangeError("The picture was not read.");
      return await (await this.#inFormat(this.#filled(page))).toBuffer();
    } catch (cause) {
      throw cause instanceof RangeError || cause instanceof InputError
        ? cause
        : unreadable(this.#name, cause);
    }
  }

  /**
   * Metadata is only written by a pipeline that starts from the file, so this one sets the pixels of the file to 0 and combines
   * them with the samples by "or".
   */
  #filled(page: StoredPicture): Sharp {
    const { avifBits, space } = this.#kind;
    const raw = { width: page.columns, height: page.rows, channels: strideOf(page) as 1 | 2 | 3 | 4 };
    const samples = avifSamples(page.samples, avifBits);
    const blank = pipeline(this.#path).toColourspace(space).linear(0, 0);
    return blank.boolean(samples as unknown as Buffer, "or", { raw }).keepMetadata();
  }

  async #inFormat(full: Sharp): Promise<Sharp> {
    const { format, metadata, avifBits } = this.#kind;
    switch (format) {
      case "jpeg": {
        const chromaSubsampling = metadata.chromaSubsampling === "4:2:0" ? "4:2:0" : "4:4:4";
        return full.jpeg({ quality, chromaSubsampling, progressive: metadata.isProgressive ?? false });
      }
      case "webp":
        return full.webp({ quality, alphaQuality: 100, lossless: await isLosslessWebp(this.#path) });
      case "avif":
        return full.avif({ quality, bitdepth: avifBits === 10 || avifBits === 12 ? avifBits : 8 });
      default:
        return full.png();
    }
  }
}

/** A page of a picture file. Its rows are read and overwritten with the values that a network gets. */
export class PicturePage implements PictureRows {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Channels of colour: 1 or 3. */
  readonly channels: number;
  /** The sample values of black and white. */
  readonly range: SampleRange;
  /** Samples outside the range, which are clipped to it. */
  readonly outside: number;
  readonly #view: NetworkView;

  constructor(picture: StoredPicture, range: SampleRange) {
    this.name = picture.name;
    this.rows = picture.rows;
    this.columns = picture.columns;
    this.channels = picture.channels;
    this.range = range;
    this.outside = countOutside(picture, range);
    this.#view = new NetworkView(picture, range);
  }

  /** The number of overwritten pixels with colours outside sRGB, which the network got clipped. */
  get outsideSrgb(): number {
    return this.#view.clippedPixels;
  }

  /** Rows `first` up to, not including, `end`: [end - first, columns, channels] in [0, 1]. */
  read(first: number, end: number): Float32Array<ArrayBuffer> {
    return this.#view.read(first * this.columns, end * this.columns);
  }

  /** Overwrites rows from `first` on with values [count, columns, channels]; what is outside [0, 1] is clipped. */
  write(first: number, values: Float32Array): void {
    this.#view.write(first * this.columns, values);
  }
}

/** Whether a WebP file is lossless, by the name of its first chunk of pixels. */
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
