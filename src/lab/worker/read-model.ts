import { readBlob } from "../../data/blob-images.ts";
import { parseModel } from "../../formats/model-file.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Model } from "../../spec/network.ts";

/** Bytes that a model file may have: more than an adapter's buffers usually take. */
const maxModelBytes = 2 ** 30;

/** Reads a safetensors file that `train` wrote; throws an InputError that names the file when it cannot be used. */
export async function readModel(file: File): Promise<Model> {
  const { name, size } = file;
  if (size > maxModelBytes) {
    throw new InputError(`${name} has ${size} bytes, but a model file may have at most ${maxModelBytes}.`);
  }
  return parseModel(await readBlob(file, 0, size, name), name);
}
