import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isGzip } from "../data/gzip.ts";
import { readImageSet, readLabels, withLabels } from "../data/image-set.ts";
import type { Images } from "../data/image-source.ts";
import { checkTold, readModel, type ToldNetwork } from "../formats/foreign-model.ts";
import { parseTrainingNote, type TrainingNote } from "../formats/training-note.ts";
import { InputError } from "../spec/input-error.ts";
import type { Model, NetworkSpec } from "../spec/network.ts";
import { fileFault } from "./file-fault.ts";
import { openImageFile } from "./image-file.ts";
import { userPath } from "./paths.ts";
import { shippedModelFile } from "./shipped-models.ts";

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

function readModelBytes(name: string): Promise<Uint8Array> {
  return readBytes(shippedModelFile(name) ?? name);
}

/** A file of the digits that come with the program; it lies beside the built program. */
function digitsFile(part: "images" | "labels"): string {
  return join(import.meta.dirname, "digits", `${part}.idx.gz`);
}

/** The IDX file of the digits' images, gzipped. */
export function readEmbeddedDigits(): Promise<Uint8Array> {
  return readBytes(digitsFile("images"));
}

/** The size in bytes from which on an IDX file is read when its images are needed, and no longer all at once. */
const largeFile = 2 ** 28;

/** Reads images from an IDX file, or the embedded digits with their labels. A large file is opened, not read. */
export async function loadImages(name: string): Promise<Images> {
  if (name !== embeddedDigits) {
    const path = userPath(name);
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size >= largeFile && !(await isGzipFile(path, name))) return openImageFile(path, name);
    return readImageSet(await readBytes(name), name);
  }
  const images = await readImageSet(await readEmbeddedDigits(), name);
  return withLabels(images, await loadLabels(digitsFile("labels")), `the labels of ${name}`);
}

async function isGzipFile(path: string, name: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  });
  try {
    const start = new Uint8Array(2);
    await file.read(start, 0, start.length, 0);
    return isGzip(start);
  } finally {
    await file.close();
  }
}

export async function loadLabels(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readLabels(await readBytes(name), name);
}

/** What a person says of the network in a file that does not tell, and who hears of what was assumed. */
export interface ModelReading extends ToldNetwork {
  readonly tell?: (line: string) => void;
}

/** Reads a model file, a file of a PyTorch network's weights, or a shipped model by its name. */
export async function loadModel(name: string, reading?: ModelReading): Promise<Model> {
  return (await loadNotedModel(name, reading)).model;
}

/** Reads a model; where its file does not tell its network, as one that has this network's images and output. */
export async function loadModelAs({ image, channels, output }: NetworkSpec, name: string): Promise<Model> {
  return readModel(await readModelBytes(name), name, { image: [...image, channels], output }).model;
}

/** Reads a model, and what it was trained on where its file tells. */
export async function loadNotedModel(
  name: string,
  { tell = console.error, ...told }: ModelReading = {},
): Promise<{ readonly model: Model; readonly note: TrainingNote | undefined }> {
  const bytes = await readModelBytes(name);
  const { model, remark } = readModel(bytes, name, told);
  checkTold(model.network, told, name);
  if (remark !== undefined) tell(remark);
  return { model, note: parseTrainingNote(bytes, name) };
}
