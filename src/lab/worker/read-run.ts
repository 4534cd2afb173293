import { readBlob } from "../../data/blob-images.ts";
import { InputError } from "../../spec/input-error.ts";
import { maxRunFileBytes, parseRun, type RunFile } from "../runs/run-file.ts";

/** Reads a run file; throws an InputError that names the file when it cannot be used. */
export async function readRun(file: File): Promise<RunFile> {
  const { name, size } = file;
  if (size > maxRunFileBytes) {
    throw new InputError(`${name} has ${size} bytes, but a run file may have at most ${maxRunFileBytes}.`);
  }
  return parseRun(await readBlob(file, 0, size, name), name);
}
