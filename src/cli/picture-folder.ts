import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import sharp from "sharp";
import type { ImageSet } from "../data/image-set.ts";
import type { BytePicture, PictureSet } from "../data/picture-set.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";
import { endsLikePicture, pictureEndings } from "./picture-endings.ts";

/** Pictures that are read at a time. */
const readers = 4;

/** Reads the pictures of a folder, in the order of their names, as bytes: in grey (1 channel) or in colour (3). */
export async function loadPictures(start: StartFolder, folder: string, channels: 1 | 3): Promise<PictureSet> {
  const names = await pictureNames(start, folder);
  return { name: folder, channels, pictures: await readAll(start, folder, names, channels) };
}

/**
 * Reads the noisy twins of clean pictures from a folder of their own: files of the same names, whatever their endings.
 * Throws an InputError that names those without a twin.
 */
export async function loadPictureTwins(
  start: StartFolder,
  folder: string,
  clean: PictureSet,
): Promise<PictureSet> {
  const stem = (name: string) => parse(name).name;
  const names = await pictureNames(start, folder);
  const noisy = new Map(names.map((name) => [stem(name), name]));
  const wanted = new Set(clean.pictures.map(({ name }) => stem(name)));
  const alone = clean.pictures.filter(({ name }) => !noisy.has(stem(name))).map(({ name }) => name);
  if (alone.length > 0) {
    throw new InputError(
      `Every picture needs a twin of the same name, but ${folder} has none for ${someOf(alone)}.`,
    );
  }
  const stray = names.filter((name) => !wanted.has(stem(name)));
  if (stray.length > 0) {
    throw new InputError(
      `Every picture needs a twin of the same name, but ${clean.name} has none for ${someOf(stray)} of ${folder}.`,
    );
  }
  const ordered = clean.pictures.map(({ name }) => noisy.get(stem(name)) ?? name);
  const { channels } = clean;
  return { name: folder, channels, pictures: await readAll(start, folder, ordered, channels === 3 ? 3 : 1) };
}

/** Pictures of one size as a set of images; throws an InputError that names one of another size. */
export function imagesOf({ name, channels, pictures }: PictureSet): ImageSet {
  const [first] = pictures;
  if (!first) throw new InputError(`${name} holds no pictures.`);
  const { rows, columns } = first;
  const other = pictures.find((picture) => picture.rows !== rows || picture.columns !== columns);
  if (other) {
    throw new InputError(
      `The pictures of ${name} have different sizes (${first.name} ${rows} x ${columns}, ${other.name} ${other.rows} x ${other.columns}): give --patch to train on patches of them.`,
    );
  }
  const size = rows * columns * channels;
  const pixels = new Uint8Array(pictures.length * size);
  pictures.forEach((picture, index) => {
    pixels.set(picture.pixels, index * size);
  });
  return { name, count: pictures.length, rows, columns, channels, pixels };
}

async function pictureNames(start: StartFolder, folder: string): Promise<string[]> {
  const names = await readdir(userPath(start, folder)).catch((cause: unknown) => {
    throw new InputError(`${folder} cannot be read: ${fileFault(cause)}.`, { cause });
  });
  const pictures = names.filter(endsLikePicture);
  if (pictures.length === 0) {
    throw new InputError(`${folder} holds no pictures (${pictureEndings.join(", ")}).`);
  }
  const stems = new Map<string, string>();
  for (const name of pictures.sort()) {
    const twin = stems.get(parse(name).name);
    if (twin)
      throw new InputError(
        `${folder} has both ${twin} and ${name}, which differ only in their endings: rename one.`,
      );
    stems.set(parse(name).name, name);
  }
  return pictures;
}

async function readAll(
  start: StartFolder,
  folder: string,
  names: readonly string[],
  channels: 1 | 3,
): Promise<BytePicture[]> {
  const pictures: BytePicture[] = [];
  for (let first = 0; first < names.length; first += readers) {
    const some = names.slice(first, first + readers);
    pictures.push(...(await Promise.all(some.map((name) => readPicture(start, folder, name, channels)))));
  }
  return pictures;
}

async function readPicture(
  start: StartFolder,
  folder: string,
  name: string,
  channels: 1 | 3,
): Promise<BytePicture> {
  try {
    const { data, info } = await sharp(userPath(start, join(folder, name)))
      .rotate()
      .removeAlpha()
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data);
    return { name, rows: info.height, columns: info.width, channels, pixels };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new InputError(`${join(folder, name)} cannot be read as a picture: ${why}.`, { cause });
  }
}

/** "a.png, b.png and 3 more" */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
