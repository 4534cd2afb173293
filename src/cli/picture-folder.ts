import { join } from "node:path";
import { endingOf, passedOverText } from "../data/file-kinds.ts";
import { networkSamples } from "../data/network-samples.ts";
import { bitsOf } from "../data/samples.ts";
import { extremesOf, hasAlpha, type StoredPicture } from "../data/stored-picture.ts";
import { InputError } from "../spec/input-error.ts";
import type { StartFolder } from "./io.ts";
import { listPictures, noPictures } from "./list-pictures.ts";
import { factsOf, type ReadFolder, type ReadPicture } from "./sampled-sets.ts";
import { picturePath, readKind, readPage } from "./stored-pages.ts";

/** Pictures that are read in parallel. */
const readers = 4;

/** How a folder is read. */
export interface FolderReading {
  /** Folders to ignore, which may be in the folder: those of noisy twins and of results. */
  readonly without?: readonly string[];
  /** Receives a line on the ignored files. */
  readonly tell?: ((line: string) => void) | undefined;
  /** Whether a range is given for the samples. Default: no. */
  readonly ranged?: boolean | undefined;
}

/**
 * Reads the pictures in a folder and its sub-folders, and all pages of TIFF files, in the order of their paths: in grey (1 channel) or in
 * colour (3). A picture's name is its path from the folder, with "/", and "#2" for the second of several pages. Throws an InputError.
 */
export async function readFolder(
  start: StartFolder,
  folder: string,
  channels: 1 | 3,
  reading: FolderReading = {},
): Promise<ReadFolder> {
  const names = await pictureNames(start, folder, reading);
  const wanted = { channels, ranged: reading.ranged ?? false };
  return { name: folder, ...wanted, pictures: await readAll(start, folder, names, wanted) };
}

/** Whether a picture in a folder or its sub-folders has colour channels. Throws an InputError for one that cannot be read. */
export async function hasColours(start: StartFolder, folder: string): Promise<boolean> {
  const { pictures } = await listPictures(start, folder);
  for (const fileName of pictures) {
    const whole = join(folder, fileName);
    const { metadata } = await readKind(await picturePath(start, whole), whole);
    if ((metadata.channels ?? 0) >= 3) return true;
  }
  return false;
}

/**
 * Reads the noisy twins of clean pictures from another folder: files with the same paths, whose extensions may differ.
 * Throws an InputError that names the pictures without a twin.
 */
export async function readTwins(
  start: StartFolder,
  folder: string,
  clean: ReadFolder,
  reading?: FolderReading,
): Promise<ReadFolder> {
  const names = await pictureNames(start, folder, reading);
  const noisy = new Map(names.map((name) => [stem(name), name]));
  const cleanNames = [...new Set(clean.pictures.map(({ picture }) => fileOf(picture.name)))];
  const wanted = new Set(cleanNames.map(stem));
  const alone = cleanNames.filter((name) => !noisy.has(stem(name)));
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
  const ordered = cleanNames.map((name) => noisy.get(stem(name)) ?? name);
  const { channels, ranged } = clean;
  return { name: folder, channels, ranged, pictures: await readAll(start, folder, ordered, clean) };
}

/** The file of a picture: its name without the number of a page. */
function fileOf(name: string): string {
  return name.replace(/#\d+$/, "");
}

/** A path without its extension. */
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

type Wanted = Pick<ReadFolder, "channels" | "ranged">;

async function readAll(
  start: StartFolder,
  folder: string,
  names: readonly string[],
  wanted: Wanted,
): Promise<ReadPicture[]> {
  const pictures: ReadPicture[] = [];
  for (let first = 0; first < names.length; first += readers) {
    const some = names.slice(first, first + readers);
    const read = await Promise.all(some.map((name) => readPages(start, folder, name, wanted)));
    pictures.push(...read.flat());
  }
  return pictures;
}

/** Reads all pages of a file. */
async function readPages(
  start: StartFolder,
  folder: string,
  fileName: string,
  { channels, ranged }: Wanted,
): Promise<ReadPicture[]> {
  const whole = join(folder, fileName);
  const path = await picturePath(start, whole);
  const kind = await readKind(path, whole);
  const pages: ReadPicture[] = [];
  for (let page = 0; page < kind.pages; page++) {
    const read = await readPage(path, kind, whole, page);
    const facts = factsOf(read, extremesOf(read));
    const name = kind.pages > 1 ? `${fileName}#${page + 1}` : fileName;
    const picture = { ...read, name };
    pages.push({
      picture: ranged ? picture : reduced(picture, channels),
      facts: { ...facts, name: whole },
    });
  }
  return pages;
}

/** A picture with the wanted channels. It is unchanged if the conversion depends on the range of its samples, which is chosen later. */
function reduced(picture: StoredPicture, channels: 1 | 3): StoredPicture {
  const { samples, profile } = picture;
  if (profile || hasAlpha(picture) || samples instanceof Int16Array || channels === picture.channels)
    return picture;
  const bits = bitsOf(samples);
  const all = { low: -Infinity, high: Infinity };
  return { ...picture, channels, samples: networkSamples(picture, channels, all, { bits, range: all }) };
}

/** "a.png, b.png and 3 more" */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
