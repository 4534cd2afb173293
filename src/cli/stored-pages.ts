import { constants } from "node:buffer";
import { access, readFile } from "node:fs/promises";
import sharp, { type Metadata, type Sharp } from "sharp";
import { readProfile } from "../data/colour-profile.ts";
import type { SampleKind } from "../data/sample-range.ts";
import type { StoredPicture } from "../data/stored-picture.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";
import { hasMultipliedColours } from "./tiff-file.ts";

// Every file is read at most twice, so the cache would only take memory.
sharp.cache(false);

/** The most pixels of a picture. */
const maxPixels = 2 ** 30;

const formats = ["png", "jpeg", "webp", "tiff", "avif"] as const;
export type PictureFormat = (typeof formats)[number];

/** libvips' names of grey and RGB with 8 or 16 bits or floats (scrgb), and their channels without alpha. */
const spaces = { "b-w": 1, grey16: 1, srgb: 3, rgb16: 3, scrgb: 3 } as const;
type Space = keyof typeof spaces;

/** The kinds of samples by libvips' names of their types, and the types to read them as. */
const kinds = { uchar: "u8", ushort: "u16", short: "i16", float: "f32" } as const satisfies Record<
  string,
  SampleKind
>;
type Depth = keyof typeof kinds;

/** The offset that is added to signed samples. */
const signedZero = 32_768;

/** The kind of a picture file, from its header. */
export interface PictureKind {
  readonly format: PictureFormat;
  readonly space: Space;
  readonly depth: Depth;
  readonly kind: SampleKind;
  readonly pages: number;
  /** Bits per sample of AVIF; 8 for other formats. */
  readonly avifBits: number;
  readonly metadata: Metadata;
}

/** The path of a picture file; throws an InputError with its `name` if it does not exist. */
export async function picturePath(start: StartFolder, name: string): Promise<string> {
  const path = userPath(start, name);
  await access(path).catch((cause: unknown) => {
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  });
  return path;
}

/** The kind of a PNG, JPEG, WebP, TIFF or AVIF file; throws an InputError with its `name` for other files. */
export async function readKind(path: string, name: string): Promise<PictureKind> {
  const kind = kindOf(await metadataOf(path, name, 0), name);
  if (kind.format === "tiff" && kind.metadata.hasAlpha && hasMultipliedColours(await readFile(path), name)) {
    throw new InputError(
      `${name} has colours that are multiplied by their alpha (associated alpha), but only unassociated alpha is read: save it so.`,
    );
  }
  return kind;
}

/** Reads page `page`, from 0, of a picture file: upright, with its samples as stored. Throws an InputError. */
export async function readPage(
  path: string,
  file: PictureKind,
  fileName: string,
  page: number,
): Promise<StoredPicture> {
  const name = file.pages > 1 ? `${fileName}#${page + 1}` : fileName;
  const first = file.metadata;
  const { space, depth, kind, metadata } =
    page === 0 ? file : kindOf(await metadataOf(path, name, page), name, first.pages);
  try {
    // libvips drops the alpha of grey bytes, so they are read as sRGB.
    const greyWithAlpha = space === "b-w" && depth === "uchar" && metadata.hasAlpha;
    const stored = pipeline(path, page).toColourspace(greyWithAlpha ? "srgb" : space);
    // sharp clips negative samples to 0, so an offset is added first.
    const { data, info } = await (kind === "i16" ? stored.linear(1, signedZero) : stored)
      .raw({ depth: kind === "i16" ? "ushort" : depth })
      .toBuffer({ resolveWithObject: true });
    const { height: rows, width: columns } = info;
    const all = samplesOf(data, kind);
    const channels = spaces[space];
    const samples = greyWithAlpha ? firstAndLast(all, 4) : withAvifWhite(all, file);
    if (samples.length !== rows * columns * (channels + (metadata.hasAlpha ? 1 : 0))) {
      throw new InputError(`${name} has other channels than its header says.`);
    }
    const { icc } = metadata;
    const profile = icc ? readProfile(icc, channels, name) : undefined;
    return { name, rows, columns, channels, samples, profile };
  } catch (cause) {
    throw cause instanceof InputError ? cause : unreadable(name, cause);
  }
}

/** A page, upright, with its samples as stored: no colour profile is applied. kindOf checks the size. */
export function pipeline(path: string, page = 0): Sharp {
  return sharp(path, { page, pages: 1, autoOrient: true, ignoreIcc: true, limitInputPixels: false });
}

async function metadataOf(path: string, name: string, page: number): Promise<Metadata> {
  try {
    return await pipeline(path, page).metadata();
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/** The error if sharp cannot read a file. */
export function unreadable(name: string, cause: unknown): InputError {
  const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  return new InputError(`${name} cannot be read as a picture: ${why}.`, { cause });
}

/** The kind of a picture from its metadata; throws an InputError if it is not supported. */
function kindOf(metadata: Metadata, name: string, pages = metadata.pages ?? 1): PictureKind {
  const { width = 0, height = 0, channels = 0, depth, hasAlpha } = metadata;
  const named = metadata.format === "heif" && metadata.compression === "av1" ? "avif" : metadata.format;
  const format = formats.find((one) => one === named);
  if (!format) {
    throw new InputError(
      `${name} is a file of the format ${metadata.format}, but only PNG, JPEG, WebP, TIFF and AVIF pictures are read.`,
    );
  }
  if (pages > 1 && format !== "tiff") {
    throw new InputError(
      `${name} has ${pages} pages, but files with several pages are read only in the format TIFF.`,
    );
  }
  const space = (Object.keys(spaces) as Space[]).find((one) => one === metadata.space);
  const known = (Object.keys(kinds) as Depth[]).find((one) => one === depth);
  if (!space || !known || channels !== spaces[space] + (hasAlpha ? 1 : 0)) {
    throw new InputError(
      `${name} has ${channels} channels of the colour space ${metadata.space} as ${depth}, but only grey and RGB pictures of 8 or 16 bits or 32-bit floats are read.`,
    );
  }
  const kind = kinds[known];
  const bytes = width * height * channels * { u8: 1, u16: 2, i16: 2, f32: 4 }[kind];
  if (width * height > maxPixels || bytes > constants.MAX_LENGTH) {
    throw new InputError(
      `${name} has ${height} x ${width} pixels, ${gigabytes(bytes)} in memory, but at most ${maxPixels} pixels and ${gigabytes(constants.MAX_LENGTH)} can be read.`,
    );
  }
  const avifBits = format === "avif" ? (metadata.bitsPerSample ?? 8) : 8;
  return { format, space, depth: known, kind, pages, avifBits, metadata };
}

function samplesOf(data: Buffer, kind: SampleKind): StoredPicture["samples"] {
  // A copy, which is aligned for all types.
  const { buffer } = new Uint8Array(data);
  if (kind === "u8") return new Uint8Array(buffer);
  if (kind === "f32") return new Float32Array(buffer);
  const samples = new Uint16Array(buffer);
  return kind === "u16" ? samples : Int16Array.from(samples, (sample) => sample - signedZero);
}

/** The first and the last of every `stride` samples. */
function firstAndLast(samples: StoredPicture["samples"], stride: number): Uint8Array<ArrayBuffer> {
  const chosen = new Uint8Array((2 * samples.length) / stride);
  for (let from = 0, to = 0; from < samples.length; from += stride) {
    chosen[to++] = samples[from] ?? 0;
    chosen[to++] = samples[from + stride - 1] ?? 0;
  }
  return chosen;
}

/** libvips shifts the 10 or 12 bits of AVIF into the upper bits of 16; this scales them so that white is 65,535. */
function withAvifWhite(
  samples: StoredPicture["samples"],
  { avifBits }: PictureKind,
): StoredPicture["samples"] {
  if (avifBits === 8) return samples;
  const most = 2 ** avifBits - 1;
  return samples.map((sample) => Math.round(((sample >> (16 - avifBits)) * 65_535) / most));
}

/** The inverse of withAvifWhite: samples in the upper bits. */
export function avifSamples(samples: StoredPicture["samples"], avifBits: number): StoredPicture["samples"] {
  if (avifBits === 8) return samples;
  const most = 2 ** avifBits - 1;
  return samples.map((sample) => Math.round((sample * most) / 65_535) << (16 - avifBits));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
