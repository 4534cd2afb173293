import { greyBytes } from "../../data/grey-bytes.ts";
import { InputError } from "../../spec/input-error.ts";
import { fittedArea, type PictureChoices } from "../images/own-pictures.ts";
import type { PictureReader, PicturesListener, PicturesOrder } from "../protocol.ts";
import { DecodedFolders, type FolderImages, readPictureFolder } from "./read-picture-folder.ts";

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

/** Decodes pictures to grey images of one size, the first frame of those that move; what is transparent is white. */
class GreyCanvas {
  readonly #choices: Pick<PictureChoices, "size" | "fit">;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(choices: Pick<PictureChoices, "size" | "fit">) {
    const { rows, columns } = choices.size;
    const context = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (!context) throw new InputError("Pictures need more memory to be read than this browser has left.");
    // Decoding to another size at once would be quicker, but browsers then leave most pixels out.
    context.imageSmoothingQuality = "high";
    this.#choices = choices;
    this.#context = context;
  }

  /** [rows, columns]; rejects where the browser cannot decode the file. */
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
