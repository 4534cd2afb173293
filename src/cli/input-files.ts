import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ImageSet, readImageSet, readLabels, withLabels } from "../data/image-set.ts";
import { parseModel } from "../formats/model-file.ts";
import { InputError } from "../spec/input-error.ts";
import type { Model } from "../spec/network.ts";
import { fileFault } from "./file-fault.ts";
import { userPath } from "./paths.ts";

/** What `--data` calls the digits that come with the program. A file of this name is reached as ./mnist. */
export const embeddedDigits = "mnist";

/** Reads a user's file; throws an InputError that names it as the user did. */
async function readBytes(name: string): Promise<Uint8Array> {
  try {
    return await readFile(userPath(name));
  } catch (cause) {
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  }
}

/** Reads images from an IDX file, or the embedded digits with their labels. */
export async function loadImages(name: string): Promise<ImageSet> {
  if (name !== embeddedDigits) return readImageSet(await readBytes(name), name);
  const folder = join(import.meta.dirname, "digits");
  const images = await readImageSet(await readBytes(join(folder, "images.idx.gz")), name);
  return withLabels(images, await loadLabels(join(folder, "labels.idx.gz")), `the labels of ${name}`);
}

export async function loadLabels(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readLabels(await readBytes(name), name);
}

export async function loadModel(name: string): Promise<Model> {
  return parseModel(await readBytes(name), name);
}
