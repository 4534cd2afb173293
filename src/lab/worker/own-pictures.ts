import { endingOf, isHidden, passedOverText } from "../../data/file-kinds.ts";
import { greyBytes } from "../../data/luma.ts";
import { InputError } from "../../spec/input-error.ts";
import {
  type Fit,
  type FolderLabels,
  isPictureName,
  type PictureChoices,
  type Size,
  type SortedPaths,
} from "../images/own-pictures.ts";
import type { PictureReader, PicturesListener, PicturesOrder } from "../images/protocol.ts";
import { DecodedFolders } from "./decoded-pictures.ts";
import { type FolderImages, readPictureFolder } from "./read-picture-folder.ts";

/** Reads the user's pictures, one folder at a time: a new request cancels the previous one. */
export class OwnPicturesWork {
  readonly #decoded = new DecodedFolders();
  #underWay = new AbortController();

  /** Undefined if it was cancelled. Throws an InputError if too few can be read, or if there is too little memory for them. */
  async read(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
    readTwins?: PictureReader,
  ): Promise<FolderImages | undefined> {
    this.cancel();
    this.#underWay = new AbortController();
    const { signal } = this.#underWay;
    const canvas = new GreyCanvas(order.choices);
    const decode = (file: File) => canvas.decode(file);
    const decoded = this.#decoded;
    return readPictureFolder(order, { read, readTwins, decode, decoded, listener, signal }).catch(
      (cause: unknown) => {
        if (!(cause instanceof RangeError)) throw cause;
        throw new InputError(`${order.name} does not fit into memory: choose a smaller size.`, {
          cause,
        });
      },
    );
  }

  cancel(): void {
    this.#underWay.abort();
  }
}

/** Decodes pictures to grey images of one size; animations to their first frame, transparent pixels to white. */
class GreyCanvas {
  readonly #choices: Pick<PictureChoices, "size" | "fit">;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(choices: Pick<PictureChoices, "size" | "fit">) {
    const { rows, columns } = choices.size;
    const context = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (!context) throw new InputError("Pictures need more memory to be read than this browser has left.");
    // Decoding directly to another size would be faster, but browsers then skip most pixels.
    context.imageSmoothingQuality = "high";
    this.#choices = choices;
    this.#context = context;
  }

  /** [rows, columns]; rejects if the browser cannot decode the file. */
  async decode(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
    const { size, fit } = this.#choices;
    const { rows, columns } = size;
    const bitmap = await createImageBitmap(file);
    try {
      const area = fittedArea({ rows: bitmap.height, columns: bitmap.width }, size, fit);
      this.#context.fillStyle = "white";
      this.#context.fillRect(0, 0, columns, rows);
      this.#context.drawImage(bitmap, area.left, area.top, area.width, area.height, 0, 0, columns, rows);
      return greyBytes(this.#context.getImageData(0, 0, columns, rows).data);
    } finally {
      bitmap.close();
    }
  }
}

/** A rectangle of a picture, in pixels, which may be fractions. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The part of a picture that becomes an image of the wanted size: all of it, the largest middle part of that shape, or its middle of
 * exactly that size. Throws an InputError if the picture is smaller than that.
 */
export function fittedArea(picture: Size, wanted: Size, fit: Fit): Area {
  const { rows, columns } = picture;
  if (fit === "squeeze") return { left: 0, top: 0, width: columns, height: rows };
  if (fit === "cut") {
    if (rows < wanted.rows || columns < wanted.columns) {
      throw new InputError(
        `A picture of ${columns} x ${rows} pixels is smaller than the ${wanted.columns} x ${wanted.rows} that are to be cut out.`,
      );
    }
    const [left, top] = [(columns - wanted.columns) >> 1, (rows - wanted.rows) >> 1];
    return { left, top, width: wanted.columns, height: wanted.rows };
  }
  const scale = Math.min(rows / wanted.rows, columns / wanted.columns);
  const [width, height] = [wanted.columns * scale, wanted.rows * scale];
  return { left: (columns - width) / 2, top: (rows - height) / 2, width, height };
}

/**
 * Finds the pictures among paths and sorts them, in the Worker because there may be many; noisy twins in the order of `clean`, the sorted
 * paths of the clean pictures.
 */
export function sortPaths(paths: readonly string[], clean?: readonly string[]): SortedPaths {
  const pictures = paths
    .map((path, place) => ({ path, place }))
    .filter(({ path }) => isPictureName(path))
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const sorted = pictures.map(({ path }) => path);
  const pairs = clean && twinPlaces(sorted, clean);
  return {
    name: nameOf(sorted),
    order: Uint32Array.from(pairs?.map((place) => pictures[place]) ?? pictures, (found) => found?.place ?? 0),
    labels: folderLabels(sorted),
    passedOver: passedOverText(paths.filter((path) => !isPictureName(path) && !isHidden(path))),
  };
}

/** "photos", or "cats and 2 more" where several folders, or files alone, were chosen at once. */
function nameOf(paths: readonly string[]): string {
  const names = new Set(paths.map((path) => path.split("/", 1)[0] ?? path));
  const [first = ""] = names;
  return names.size > 1 ? `${first} and ${names.size - 1} more` : first;
}

/** The maximum number of labels, which are numbers of one digit. */
const mostLabels = 10;

const natural = new Intl.Collator("en", { numeric: true });

/**
 * Takes labels from folders: those directly below the innermost folder that contains all pictures, including their sub-folders.
 * They are numbered in natural order; folders whose name is one digit keep it as their label.
 * Undefined if a picture is in none of them, or if there are fewer than 2 or more than 10. A path is
 * "photos/cats/one.png".
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

/** The number of folders that all paths have in common, from the outermost; a path is split at its slashes, without the file. */
function sharedDepth(folders: readonly (readonly string[])[]): number {
  const [first = []] = folders;
  const differs = first.findIndex((name, depth) => folders.some((folder) => folder[depth] !== name));
  return differs < 0 ? first.length : differs;
}

/**
 * The places among `noisy` of the twins of the pictures at the paths `clean`, in their order. Twins have the same path below the innermost
 * folder that contains all pictures of their kind, without the ending. Throws an InputError that names a picture without a twin.
 */
export function twinPlaces(noisy: readonly string[], clean: readonly string[]): number[] {
  const places = byName(noisy);
  const pictures = byName(clean);
  const needed = "Every picture needs a noisy twin of the same name, but";
  const found = [...pictures].map(([name, place]) => {
    const twin = places.get(name);
    if (twin === undefined) throw new InputError(`${needed} there is none for ${clean[place]}.`);
    return twin;
  });
  for (const [name, place] of places) {
    if (!pictures.has(name)) throw new InputError(`${needed} ${noisy[place]} is the twin of none.`);
  }
  return found;
}

/** The places of paths by their names. Throws an InputError if two have the same name. */
function byName(paths: readonly string[]): Map<string, number> {
  const parts = paths.map((path) => path.split("/"));
  const depth = sharedDepth(parts.map((names) => names.slice(0, -1)));
  const places = new Map<string, number>();
  parts.forEach((names, place) => {
    const path = names.slice(depth).join("/");
    const name = path.slice(0, path.length - endingOf(path).length);
    const other = paths[places.get(name) ?? -1];
    if (other !== undefined) {
      throw new InputError(
        `${other} and ${paths[place]} have the same name, so it is not clear which picture belongs to their twin: rename one.`,
      );
    }
    places.set(name, place);
  });
  return places;
}
