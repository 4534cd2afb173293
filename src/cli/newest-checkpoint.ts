import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedCheckpoint, parseCheckpoint } from "../formats/checkpoint.ts";
import { InputError } from "../spec/input-error.ts";
import { readBytes } from "./input-files.ts";
import { userPath } from "./paths.ts";
import { isFolder } from "./train-inputs.ts";

/**
 * Reads a checkpoint's file, or of a folder's checkpoints the newest that is whole. Throws an InputError that says why there
 * is none.
 */
export async function loadNewestCheckpoint(name: string): Promise<ParsedCheckpoint> {
  if (!(await isFolder(name))) return parseCheckpoint(await readBytes(name), name);
  const files = (await readdir(userPath(name))).filter((file) => file.endsWith(".safetensors")).sort();
  let newest: ParsedCheckpoint | undefined;
  let fault: InputError | undefined;
  for (const file of files) {
    try {
      const path = join(name, file);
      const checkpoint = parseCheckpoint(await readBytes(path), path);
      if (newest === undefined || checkpoint.number > newest.number) newest = checkpoint;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fault = error;
    }
  }
  if (newest) return newest;
  throw fault ?? new InputError(`${name} holds no checkpoints.`);
}
