import { join } from "node:path";
import sharp from "sharp";
import { endingOf, passedOverText } from "../data/file-kinds.ts";
import type { ImageSet } from "../data/image-set.ts";
import type { SampledPicture, PictureSet } from "../data/picture-set.ts";
import { InputError } from "../spec/input-error.ts";
import type { StartFolder } from "./io.ts";
import { listPictures, noPictures } from "./list-pictures.ts";
import { userPath } from "./paths.ts";

/** Pictures that are read at a time. */
const readers = 4;

/** How a folder is read. */
export interface FolderReading {
  /** Folders that are not read although they may be in the folder: those of noisy twins, and of results. */
  readonly without?: readonly string[];
  /** Receives a line on the files that are passed over. */
  readonly tell?: ((line: string) => void) | undefined;
}

/**
 * Reads the pictures in a folder and its sub-folders, in the order of their paths, as bytes: in grey (1 channel) or in colour (3).
 * A picture's name is its path from the folder, with "/". Throws an InputError.
 */
export async function loadPictures(
  start: StartFolder,
  folder: string,
  channels: 1 | 3,
  reading?: FolderReading,
): Promise<PictureSet> {
  const names = await pictureNames(start, folder, reading);
  return { name: folder, channels, pictures: await readAll(start, folder, names, channels) };
}

/**
 * Reads the noisy twins of clean pictures from a folder of their own: files of the same paths, whatever their endings.
 * Throws an InputError that names those without a twin.
 */
export async function loadPictureTwins(
  start: StartFolder,
  folder: string,
  clean: PictureSet,
  reading?: FolderReading,
): Promise<PictureSet> {
  const names = await pictureNames(start, folder, reading);
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

/** A path without its ending. */
function stem(name: string): string {
  return name.slice(0, name.length - endingOf(name).length);
}

async function pictureNames(
  start: StartFolder,
  folder: string,
  { without, tell }: FolderReading = {},
): Promise<readonly string[]> {
  const listed = await listPictures(start, folder, without);
  const [fault] = listed.faults;
  if (fault !== undefined) throw new InputError(fault);
  const { pictures, others } = listed;
  if (pictures.length === 0) throw await noPictures(start, folder, listed, "");
  const stems = new Map<string, string>();
  for (const name of pictures) {
    const twin = stems.get(stem(name));
    if (twin)
      throw new InputError(
        `${folder} has both ${twin} and ${name}, which differ only in their endings: rename one.`,
      );
    stems.set(stem(name), name);
  }
  const remark = passedOverText(others);
  if (remark !== undefined) tell?.(`${folder}: ${remark}`);
  return pictures;
}

async function readAll(
  start: StartFolder,
  folder: string,
  names: readonly string[],
  channels: 1 | 3,
): Promise<SampledPicture[]> {
  const pictures: SampledPicture[] = [];
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
): Promise<SampledPicture> {
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
