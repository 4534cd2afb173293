import type { PicturesOrder } from "../own-pictures-service.ts";

/** A folder's pictures, decoded, scaled and grey, as they are before any is inverted. */
export interface DecodedFolder {
  /** [pictures that could be read, rows, columns] */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** The numbers of the pictures that could be read. */
  readonly read: readonly number[];
  /** The names of those that could not. */
  readonly unread: readonly string[];
  /** Of their files together. */
  readonly bytes: number;
}

/** Bytes that decoded pictures may take while they wait to be wanted again. */
const usualBytes = 64 * 2 ** 20;

/** Decoded folders that may be wanted again as a person tries one size and another; what was wanted longest ago goes first. */
export class DecodedFolders {
  readonly #mostBytes: number;
  /** By what they were made of and for, what was wanted last at the end. */
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

/** Inverting needs no decoding. */
function keyOf({ folder, choices: { size, fit } }: PicturesOrder): string {
  return [folder, size.rows, size.columns, fit].join(" ");
}
