import { InputError } from "../../spec/input-error.ts";
import { counter } from "../shared/scheduling.ts";

/** What a person's images are from, to be read once more when need be. */
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

/** How a picture of any shape comes to have the wanted one: by its middle, cut out, or as a whole, squeezed. */
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

/** A rectangle of a picture, in its pixels, which need not be whole. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What of a picture is to be seen at the wanted size: all of it, or the largest middle part of that shape. */
export function fittedArea(picture: Size, wanted: Size, fit: Fit): Area {
  const { rows, columns } = picture;
  if (fit === "squeeze") return { left: 0, top: 0, width: columns, height: rows };
  const scale = Math.min(rows / wanted.rows, columns / wanted.columns);
  const [width, height] = [wanted.columns * scale, wanted.rows * scale];
  return { left: (columns - width) / 2, top: (rows - height) / 2, width, height };
}

/** A file, and where it lay in what was chosen: "photos/cats/one.png". */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** Files that were chosen or dropped together. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Folders and files that were passed over: hidden, or too deep. */
  readonly skipped: number;
}

/** The pictures among files, told by the files' paths alone. */
export interface SortedPaths {
  /** What to call them: their folder's name, or that of the first of several. */
  readonly name: string;
  /** The pictures' places among the paths, in the order of their paths. */
  readonly order: Uint32Array<ArrayBuffer>;
  readonly labels: FolderLabels | undefined;
}

/** A person's pictures, of any sizes. */
export interface PictureFolder {
  /** What the Worker knows it by: no other folder has it. */
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
  throw new InputError(
    `There are more than ${mostFiles} files in what was chosen, the most that are looked at: choose fewer.`,
  );
}

/** Finds the pictures among paths, and sorts them: work for the Worker, since there may be many. */
export function sortPaths(paths: readonly string[]): SortedPaths {
  const pictures = paths
    .map((path, place) => ({ path, place }))
    .filter(({ path }) => isPictureName(path))
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const sorted = pictures.map(({ path }) => path);
  return {
    name: nameOf(sorted),
    order: Uint32Array.from(pictures, ({ place }) => place),
    labels: folderLabels(sorted),
  };
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

/** "photos", or "cats and 2 more" where several folders, or files alone, were chosen at once. */
function nameOf(paths: readonly string[]): string {
  const names = new Set(paths.map((path) => path.split("/", 1)[0] ?? path));
  const [first = ""] = names;
  return names.size > 1 ? `${first} and ${names.size - 1} more` : first;
}

/** A label, and what the person calls it. */
export interface NamedLabel {
  readonly label: number;
  /** The name of a folder. */
  readonly name: string;
}

/** Labels that are told by the folders that pictures lie in. */
export interface FolderLabels {
  /** By label. */
  readonly names: readonly NamedLabel[];
  /** [pictures] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Labels are numbers of one digit. */
const mostLabels = 10;

const natural = new Intl.Collator("en", { numeric: true });

/**
 * Takes the folders in which pictures are sorted for their labels, whatever lies deeper in them: those right below the innermost
 * folder that holds all. They are numbered in natural order; folders that are called by one digit keep it. Undefined where a
 * picture lies in none of them, or where they are fewer than 2 or more than 10. A path is "photos/cats/one.png".
 */
export function folderLabels(paths: readonly string[]): FolderLabels | undefined {
  const folders = paths.map((path) => path.split("/").slice(0, -1));
  const depth = sharedDepth(folders);
  const nameOf = (folder: readonly string[]) => folder[depth];
  const names = [...new Set(folders.map(nameOf))].filter((name) => name !== undefined);
  if (names.length < 2 || names.length > mostLabels || folders.some((folder) => nameOf(folder) === undefined))
    return undefined;
  const digits = names.every((name) => /^\d$/.test(name));
  const named = names
    .sort(natural.compare)
    .map((name, place) => ({ label: digits ? Number(name) : place, name }));
  const byName = new Map(named.map(({ label, name }) => [name, label]));
  return {
    names: named,
    labels: Uint8Array.from(folders, (folder) => byName.get(nameOf(folder) ?? "") ?? 0),
  };
}

/** How many folders, from the outermost in, all have in common. */
function sharedDepth(folders: readonly (readonly string[])[]): number {
  const [first = []] = folders;
  const differs = first.findIndex((name, depth) => folders.some((folder) => folder[depth] !== name));
  return differs < 0 ? first.length : differs;
}
