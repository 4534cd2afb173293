import { InputError } from "../../spec/input-error.ts";
import type { Size } from "./choices.ts";
import { type FolderLabels, folderLabels } from "./folder-labels.ts";

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

let folders = 0;

/** The pictures among files, as they were sorted; none if there are none. */
export function pictureFolder(
  { files, skipped }: FoundFiles,
  { name, order, labels }: SortedPaths,
): PictureFolder {
  folders += 1;
  return {
    id: folders,
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
