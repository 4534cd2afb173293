import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isGzip } from "../data/gzip.ts";
import { readImageSet, readLabels, withLabels } from "../data/image-set.ts";
import type { Images } from "../data/image-source.ts";
import { checkTold, readModel, type ToldNetwork } from "../formats/foreign-model.ts";
import { parseTrainingNote, type TrainingNote } from "../formats/training-note.ts";
import { InputError } from "../spec/input-error.ts";
import { hiddenOf, type Model, type NetworkSpec } from "../spec/network.ts";
import { fileFault } from "./file-fault.ts";
import { openImageFile } from "./image-file.ts";
import type { FilePlaces, Io, StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";
import { shippedModelFile } from "./shipped-models.ts";

/** The name of the embedded digits for `--data`. A file of this name is given as ./mnist. */
export const embeddedDigits = "mnist";

/** Reads a user's file; throws an InputError with its name as the user gave it. */
async function readBytes(start: StartFolder, name: string): Promise<Uint8Array> {
  try {
    return await readFile(userPath(start, name));
  } catch (cause) {
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  }
}

function readModelBytes(places: FilePlaces, name: string): Promise<Uint8Array> {
  return readBytes(places, shippedModelFile(places, name) ?? name);
}

/** A file of the embedded digits, which are beside the built program. */
function digitsFile({ program }: FilePlaces, part: "images" | "labels"): string {
  return join(program, "digits", `${part}.idx.gz`);
}

/** The IDX file of the digits' images, gzipped. */
export function readEmbeddedDigits(places: FilePlaces): Promise<Uint8Array> {
  return readBytes(places, digitsFile(places, "images"));
}

/** The size in bytes from which an IDX file is read image by image when needed, instead of all at once. */
const largeFile = 2 ** 28;

/** Reads images from an IDX file, or the embedded digits with their labels. A large file is opened, not read. */
export async function loadImages(places: FilePlaces, name: string): Promise<Images> {
  if (name !== embeddedDigits) {
    const path = userPath(places, name);
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size >= largeFile && !(await isGzipFile(path, name))) return openImageFile(path, name);
    return readImageSet(await readBytes(places, name), name);
  }
  const images = await readImageSet(await readEmbeddedDigits(places), name);
  return withLabels(images, await loadLabels(places, digitsFile(places, "labels")), `the labels of ${name}`);
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

export async function loadLabels(start: StartFolder, name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readLabels(await readBytes(start, name), name);
}

/** The network that the user gave for a file that does not describe it, and a function that receives the remark on assumptions. */
export interface ModelReading extends ToldNetwork {
  readonly tell?: (line: string) => void;
}

/** Reads a model file, a file of a PyTorch network's weights, or a shipped model by its name. */
export async function loadModel(io: Io, name: string, reading?: ModelReading): Promise<Model> {
  return (await loadNotedModel(io, name, reading)).model;
}

/** Reads a model; if its file does not describe its network, it is assumed to be `network`. */
export async function loadModelAs(places: FilePlaces, network: NetworkSpec, name: string): Promise<Model> {
  const { image, channels, output } = network;
  const told = { image: [...image, channels], output, hidden: hiddenOf(network) };
  return readModel(await readModelBytes(places, name), name, told).model;
}

/** Reads a model, and the note on its training if the file has one. */
export async function loadNotedModel(
  io: Io,
  name: string,
  { tell = (line) => io.console.error(line), ...told }: ModelReading = {},
): Promise<{ readonly model: Model; readonly note: TrainingNote | undefined }> {
  const bytes = await readModelBytes(io, name);
  const { model, remark } = readModel(bytes, name, told);
  checkTold(model.network, told, name);
  if (remark !== undefined) tell(remark);
  return { model, note: parseTrainingNote(bytes, name) };
}
