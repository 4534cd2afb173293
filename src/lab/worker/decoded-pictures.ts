import { InputError } from "../../spec/input-error.ts";
import type { Size } from "../images/own-pictures.ts";
import type { PicturesOrder } from "../images/protocol.ts";

/** A picture that was read: its number in its folder, and the name and the size of its file. */
export interface ReadPicture extends Size {
  readonly number: number;
  readonly name: string;
}

/** Decoded pictures of one size. */
interface DecodedPictures {
  /** [pictures that could be read, rows, columns] */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly read: readonly ReadPicture[];
}

/**
 * The pictures that were read of both folders, in which twins have the same number; `size` is the number of pixels of an image. Throws an
 * InputError that names two twins whose files differ in size.
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

/** A folder's pictures, decoded, scaled and grey, not inverted. */
export interface DecodedFolder extends DecodedPictures {
  /** The names of those that could not. */
  readonly unread: readonly string[];
  /** The total size of their files. */
  readonly bytes: number;
}

/** The maximum number of bytes of decoded pictures that are cached. */
const usualBytes = 64 * 2 ** 20;

/** A cache of decoded folders, for users who try several sizes; the least recently used one is dropped first. */
export class DecodedFolders {
  readonly #mostBytes: number;
  /** By folder, size and shape, the most recently used last. */
  readonly #kept = new Map<string, DecodedFolder>();

  constructor(mostBytes = usualBytes) {
    this.#mostBytes = mostBytes;
  }

  find(order: PicturesOrder): DecodedFolder | undefined {
    const found = this.#kept.get(keyOf(order));
    if (found) this.keep(order, found);
    return found;
  }

  keep(order: PicturesOrder, decoded: DecodedFolder): void {
    this.#kept.delete(keyOf(order));
    this.#kept.set(keyOf(order), decoded);
    for (const [oldest] of this.#kept) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#kept.delete(oldest);
    }
  }

  get #bytes(): number {
    return [...this.#kept.values()].reduce((sum, { pixels }) => sum + pixels.buffer.byteLength, 0);
  }
}

/** The cache's key, without inversion, which needs no decoding. */
function keyOf({ folder, choices: { size, fit } }: PicturesOrder): string {
  return [folder, size.rows, size.columns, fit].join(" ");
}
