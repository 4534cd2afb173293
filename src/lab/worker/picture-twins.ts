import { endingOf } from "../../data/file-kinds.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Size } from "../images/own-pictures.ts";

/** The number of folders that all paths have in common, from the outermost; a path is split at its slashes, without the file. */
export function sharedDepth(folders: readonly (readonly string[])[]): number {
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

/** A picture that was read: its number in its folder, and the name and the size of its file. */
export interface ReadPicture extends Size {
  readonly number: number;
  readonly name: string;
}

/** Decoded pictures of one size. */
export interface DecodedPictures {
  /** [pictures that could be read, rows, columns] */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly read: readonly ReadPicture[];
}

/**
 * The pictures that were read of both folders, in which twins have the same number; `size` is the number of pixels of an image. Throws an InputError that names two twins whose files differ in size.
 */
export function pairUp<C extends DecodedPictures, N extends DecodedPictures>(
  clean: C,
  noisy: N,
  size: number,
): { readonly clean: C; readonly noisy: N } {
  const places = new Map(noisy.read.map(({ number }, place) => [number, place]));
  const pairs = clean.read.flatMap((picture, place) => {
    const twinPlace = places.get(picture.number);
    const twin = noisy.read[twinPlace ?? -1];
    if (twinPlace === undefined || !twin) return [];
    if (twin.rows !== picture.rows || twin.columns !== picture.columns) {
      throw new InputError(
        `Twins must have the same size, but ${picture.name} has ${sizeText(picture)} pixels and its twin ${twin.name} has ${sizeText(twin)}.`,
      );
    }
    return [{ place, twinPlace }];
  });
  return {
    clean: chosen(
      clean,
      pairs.map(({ place }) => place),
      size,
    ),
    noisy: chosen(
      noisy,
      pairs.map(({ twinPlace }) => twinPlace),
      size,
    ),
  };
}

/** "20 x 16", width first. */
function sizeText({ rows, columns }: Size): string {
  return `${columns} x ${rows}`;
}

/** The pictures at these places, in this order. */
function chosen<D extends DecodedPictures>(decoded: D, places: readonly number[], size: number): D {
  const pixels = new Uint8Array(places.length * size);
  places.forEach((from, to) => {
    pixels.set(decoded.pixels.subarray(from * size, (from + 1) * size), to * size);
  });
  return { ...decoded, pixels, read: places.flatMap((place) => decoded.read[place] ?? []) };
}
