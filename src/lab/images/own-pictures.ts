import { InputError } from "../../spec/input-error.ts";
import { counter } from "../shared/scheduling.ts";

/** The source of the user's images, to be read again if needed. */
export type OwnFiles = OwnImageFiles | OwnPictureFiles;

/** IDX files. */
interface OwnImageFiles {
  readonly kind: "images";
  readonly files: readonly File[];
}

/** Pictures, and how they become images. */
export interface OwnPictureFiles {
  readonly kind: "pictures";
  readonly folder: PictureFolder;
  readonly choices: PictureChoices;
}

/** Rows and columns of pixels. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** How a picture is brought to the target shape: its middle cropped, or all of it squeezed. */
export type Fit = "middle" | "squeeze";

/** How pictures of any sizes become grey images of one size. */
export interface PictureChoices {
  readonly size: Size;
  readonly fit: Fit;
  /** Whether black becomes white, and white black. */
  readonly inverted: boolean;
}

/** Sides of squares, in pixels; more would make a network of dense layers large and slow. */
const sides = [16, 28, 32, 48, 64];

/** The side of the digits that come with the page. */
const usualSide = 28;

const largestSide = Math.max(...sides);

/** The size that all have and that a network takes without scaling; undefined if there is none. */
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

/** What is chosen until a person chooses otherwise. */
export function firstChoices(own: Size | undefined): PictureChoices {
  return { size: own ?? square(usualSide), fit: "middle", inverted: false };
}

/** { rows: 20, columns: 16 } -> "16 × 20", the width first; a square is "28". */
export function sizeTitle({ rows, columns }: Size): string {
  return rows === columns ? String(rows) : `${columns} × ${rows}`;
}

function sameSize(a: Size, b: Size): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

function square(side: number): Size {
  return { rows: side, columns: side };
}

/** A file, and where it lay in what was chosen: "photos/cats/one.png". */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** Files that were chosen or dropped together. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Folders and files that were skipped: hidden, or too deep. */
  readonly skipped: number;
}

/** The pictures among files, found by the files' paths alone. */
export interface SortedPaths {
  /** What to call them: their folder's name, or that of the first of several. */
  readonly name: string;
  /** The pictures' places among the paths, in the order of their paths. */
  readonly order: Uint32Array<ArrayBuffer>;
  readonly labels: FolderLabels | undefined;
}

/** A person's pictures, of any sizes. */
export interface PictureFolder {
  /** The Worker's id of the folder. */
  readonly id: number;
  /** What to call it: its name, or that of the first of several. */
  readonly name: string;
  /** In the order of their paths. */
  readonly files: readonly File[];
  readonly labels: FolderLabels | undefined;
  /** How many other things lay there. */
  readonly skipped: number;
  /** The pictures' size, if they share a small one as far as is known. */
  readonly ownSize?: Size | undefined;
}

/** The most files that are looked at. */
export const mostFiles = 100_000;

/** What browsers decode. */
const pictureName = /\.(png|apng|jpe?g|jpe|jfif|webp|gif|avif|bmp)$/i;

/** Whether a file is a picture by its name. */
export function isPictureName(name: string): boolean {
  return pictureName.test(name) && !isHidden(name);
}

/** Whether a path is that of a file that systems hide, or leave behind in archives. */
export function isHidden(path: string): boolean {
  return path.split("/").some((name) => name.startsWith(".") || name === "__MACOSX");
}

/** Throws an InputError if there are more files than are looked at. */
export function checkFileCount(count: number): void {
  if (count <= mostFiles) return;
  throw new InputError(`There are more than ${mostFiles} files in the selection, the limit: choose fewer.`);
}

const nextFolder = counter();

/** The pictures among files, as they were sorted; none if there are none. */
export function pictureFolder(
  { files, skipped }: FoundFiles,
  { name, order, labels }: SortedPaths,
): PictureFolder {
  return {
    id: nextFolder(),
    name,
    files: Array.from(order, (place) => files[place]?.file).filter((file) => file !== undefined),
    labels,
    skipped: skipped + files.length - order.length,
  };
}

/** A label, and what the person calls it. */
export interface NamedLabel {
  readonly label: number;
  /** The name of a folder. */
  readonly name: string;
}

/** Labels taken from the folders that pictures lie in. */
export interface FolderLabels {
  /** By label. */
  readonly names: readonly NamedLabel[];
  /** [pictures] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Folders within folders within folders. */
export const deepest = 16;

interface PlacedEntry {
  readonly entry: FileSystemEntry;
  /** The folders above it that were dropped too. */
  readonly depth: number;
}

/**
 * Reads what was dropped: files, and folders with all that is in them. What is hidden is skipped, and so are folders
 * within more than 16 others. Throws an InputError when there are too many files.
 */
export async function readEntries(entries: readonly FileSystemEntry[]): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  let skipped = 0;
  let level: PlacedEntry[] = entries.map((entry) => ({ entry, depth: 0 }));
  while (level.length > 0) {
    const visible = level.filter(({ entry, depth }) => !isHidden(entry.name) && depth <= deepest);
    skipped += level.length - visible.length;
    const next: PlacedEntry[] = [];
    for (const { entry, depth } of visible) {
      if (isFile(entry)) files.push({ path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) });
      if (isDirectory(entry))
        for (const inner of await entriesOf(entry)) next.push({ entry: inner, depth: depth + 1 });
      checkFileCount(files.length + next.length);
    }
    level = next;
  }
  return { files, skipped };
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

/** A reader hands out a folder's entries in parts, the last of which is empty. */
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
