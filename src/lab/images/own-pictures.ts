import { endingOf, isHidden } from "../../data/file-kinds.ts";
import { InputError } from "../../spec/input-error.ts";
import { counter } from "../shared/scheduling.ts";

/** The source of the user's images, to be read again if needed. */
export type OwnFiles = OwnImageFiles | OwnPictureFiles;

/** IDX files. */
export interface OwnImageFiles {
  readonly kind: "images";
  readonly files: readonly File[];
  /** Files with their measured noisy twins, in the same order. */
  readonly twins?: readonly File[] | undefined;
}

/** Pictures, and how they become images. */
export interface OwnPictureFiles {
  readonly kind: "pictures";
  readonly folder: PictureFolder;
  /** Their measured noisy twins, in the same order. */
  readonly twins?: PictureFolder | undefined;
  readonly choices: PictureChoices;
}

/** Rows and columns of pixels. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/**
 * How a picture gets the target size: its middle, scaled; all of it, squeezed; or its middle, cut out with the pixels as they are,
 * because scaling removes noise.
 */
export type Fit = "middle" | "squeeze" | "cut";

/** How pictures of any sizes become grey images of one size. */
export interface PictureChoices {
  readonly size: Size;
  readonly fit: Fit;
  /** Whether black becomes white, and white black. */
  readonly inverted: boolean;
}

/** Sides of squares, in pixels; larger ones would make a network of dense layers large and slow. */
const sides = [16, 28, 32, 48, 64];

/** The side of the digits that come with the page. */
const usualSide = 28;

const largestSide = Math.max(...sides);

/** The common size of all, if a network can take it without scaling; otherwise undefined. */
export function commonSize(sizes: readonly (Size | undefined)[]): Size | undefined {
  const [first] = sizes;
  if (!first || Math.max(first.rows, first.columns) > largestSide) return undefined;
  return sizes.every((size) => size && sameSize(size, first)) ? first : undefined;
}

/** The sizes to choose from, the smallest first: squares, and the pictures' own size if they share a small one. */
export function sizesFor(own: Size | undefined): Size[] {
  const squares = sides.map(square);
  if (!own || squares.some((size) => sameSize(size, own))) return squares;
  return [...squares, own].sort((a, b) => a.rows * a.columns - b.rows * b.columns);
}

/** The initial choices; `fit` is how pictures of other sizes get theirs. */
export function firstChoices(own: Size | undefined, fit: Fit = "middle"): PictureChoices {
  return { size: own ?? square(usualSide), fit, inverted: false };
}

/** { rows: 20, columns: 16 } -> "16 × 20", width first; a square is "28". */
export function sizeTitle({ rows, columns }: Size): string {
  return rows === columns ? String(rows) : `${columns} × ${rows}`;
}

function sameSize(a: Size, b: Size): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

function square(side: number): Size {
  return { rows: side, columns: side };
}

/** A file, and its path within what was chosen: "photos/cats/one.png". */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** Files that were chosen or dropped together. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** The number of folders and files that were skipped because they are too deep. */
  readonly tooDeep: number;
}

/** The pictures among files, found by the files' paths alone. */
export interface SortedPaths {
  /** Their name in texts: their folder's, or that of the first of several. */
  readonly name: string;
  /** The indices of the pictures among the paths, sorted by path; those of noisy twins in the order of the clean pictures. */
  readonly order: Uint32Array<ArrayBuffer>;
  readonly labels: FolderLabels | undefined;
  /** A sentence on the other files, without hidden ones; undefined if there are none. */
  readonly passedOver: string | undefined;
}

/** The user's pictures, of any sizes. */
export interface PictureFolder {
  /** The Worker's id of the folder. */
  readonly id: number;
  /** Its name in texts: its own, or that of the first of several. */
  readonly name: string;
  /** Sorted by path; noisy twins in the order of the clean pictures. */
  readonly files: readonly File[];
  /** The files' paths within what was chosen. */
  readonly paths: readonly string[];
  readonly labels: FolderLabels | undefined;
  /** Sentences on the other files there; undefined if there are none. */
  readonly passedOver: string | undefined;
  /** The pictures' size, if all that were measured share a small one. */
  readonly ownSize?: Size | undefined;
}

/** The maximum number of files. */
export const mostFiles = 100_000;

/** The endings of the files that browsers decode. */
export const pictureEndings: readonly string[] = [
  ...[".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".avif", ".bmp"],
];

/** Whether a file is a picture by its name. */
export function isPictureName(name: string): boolean {
  return pictureEndings.includes(endingOf(name)) && !isHidden(name);
}

/** Whether files are pictures to train on: at least two, because a single one is to be denoised. */
export function arePictures(files: readonly File[]): boolean {
  const isOne = ({ name }: File) => isPictureName(name);
  const first = files.findIndex(isOne);
  return first >= 0 && files.slice(first + 1).some(isOne);
}

/** Throws an InputError if there are too many files. */
export function checkFileCount(count: number): void {
  if (count <= mostFiles) return;
  throw new InputError(`There are more than ${mostFiles} files in the selection, the limit: choose fewer.`);
}

const nextFolder = counter();

/** The pictures among files, in sorted order. */
export function pictureFolder(
  { files, tooDeep }: FoundFiles,
  { name, order, labels, passedOver }: SortedPaths,
): PictureFolder {
  const deep = tooDeep === 1 ? "1 file or folder" : `${tooDeep} files and folders`;
  const sentences = [passedOver, ...(tooDeep > 0 ? [`Skipped ${deep} below ${deepest} others.`] : [])];
  const pictures = Array.from(order, (place) => files[place]).filter((found) => found !== undefined);
  return {
    id: nextFolder(),
    name,
    files: pictures.map(({ file }) => file),
    paths: pictures.map(({ path }) => path),
    labels,
    passedOver: sentences.filter((sentence) => sentence !== undefined).join(" ") || undefined,
  };
}

/** A label, and the user's name for it. */
export interface NamedLabel {
  readonly label: number;
  /** The name of a folder. */
  readonly name: string;
}

/** Labels from the names of the folders that contain the pictures. */
export interface FolderLabels {
  /** By label. */
  readonly names: readonly NamedLabel[];
  /** [pictures] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** The maximum depth of nested folders. */
export const deepest = 16;

interface PlacedEntry {
  readonly entry: FileSystemEntry;
  /** The number of folders above it that were dropped too. */
  readonly depth: number;
}

/**
 * Reads what was dropped: files, and folders with their contents. Hidden files and folders are skipped; what is within more
 * than 16 folders is skipped and counted. Throws an InputError when there are too many files.
 */
export async function readEntries(entries: readonly FileSystemEntry[]): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  let tooDeep = 0;
  let level: PlacedEntry[] = entries.map((entry) => ({ entry, depth: 0 }));
  while (level.length > 0) {
    const visible = level.filter(({ entry }) => !isHidden(entry.name));
    const reached = visible.filter(({ depth }) => depth <= deepest);
    tooDeep += visible.length - reached.length;
    const next: PlacedEntry[] = [];
    for (const { entry, depth } of reached) {
      if (isFile(entry)) files.push({ path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) });
      if (isDirectory(entry))
        for (const inner of await entriesOf(entry)) next.push({ entry: inner, depth: depth + 1 });
      checkFileCount(files.length + next.length);
    }
    level = next;
  }
  return { files, tooDeep };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** All entries of a folder. A reader returns them in parts, the last of which is empty. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return entries;
    entries.push(...part);
    checkFileCount(entries.length);
  }
}
