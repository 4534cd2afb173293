import { InputError } from "../../spec/input-error.ts";
import type { PictureReader, PicturesListener, PicturesOrder } from "../own-pictures-service.ts";
import { GreyCanvas } from "./grey-canvas.ts";
import { DecodedFolders } from "./own-pictures.ts";
import { type FolderImages, readPictureFolder } from "./read-picture-folder.ts";

/** Reads a person's pictures, one folder at a time: the newest order ends the one before. */
export class OwnPicturesWork {
  readonly #decoded = new DecodedFolders();
  #underWay = new AbortController();

  /** Undefined if it was cancelled. Throws an InputError when too few can be read, or when there is no memory for them. */
  async read(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
  ): Promise<FolderImages | undefined> {
    this.cancel();
    this.#underWay = new AbortController();
    const { signal } = this.#underWay;
    const canvas = new GreyCanvas(order.choices);
    const decode = (file: File) => canvas.decode(file);
    const decoded = this.#decoded;
    return readPictureFolder(order, { read, decode, decoded, listener, signal }).catch((cause: unknown) => {
      if (!(cause instanceof RangeError)) throw cause;
      throw new InputError(`${order.name} holds more than there is memory for: choose a smaller size.`, {
        cause,
      });
    });
  }

  cancel(): void {
    this.#underWay.abort();
  }
}
