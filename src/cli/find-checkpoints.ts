import { open } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedCheckpoint, parseCheckpoint } from "../formats/checkpoint.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";
import { isFolder } from "./train-inputs.ts";

/** A folder's files, written alternately, so that the previous checkpoint stays intact if a write fails. */
export const slots = ["checkpoint-a.safetensors", "checkpoint-b.safetensors"] as const;
export type Slot = (typeof slots)[number];

/** The checkpoints in a folder's slots; `faults` has a sentence for each file that cannot be used. */
interface FoundCheckpoints {
  /** The newest intact one. */
  readonly newest: { readonly slot: Slot; readonly checkpoint: ParsedCheckpoint } | undefined;
  readonly faults: readonly string[];
}

/** Reads the checkpoints of a folder; a missing file is not a fault. */
export async function findCheckpoints(start: StartFolder, folder: string): Promise<FoundCheckpoints> {
  const found: NonNullable<FoundCheckpoints["newest"]>[] = [];
  const faults: string[] = [];
  for (const slot of slots) {
    const name = join(folder, slot);
    try {
      found.push({ slot, checkpoint: await readCheckpoint(start, name) });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") continue;
      faults.push(
        error instanceof InputError ? error.message : `${name} cannot be read: ${fileFault(error)}.`,
      );
    }
  }
  const [newest] = found.sort((a, b) => b.checkpoint.number - a.checkpoint.number);
  return { newest, faults };
}

/** Reads a checkpoint's file, or the newest intact checkpoint of a folder. Throws an InputError with the reason if there is none. */
export async function loadCheckpoint(start: StartFolder, name: string): Promise<ParsedCheckpoint> {
  if (await isFolder(start, name)) {
    const { newest, faults } = await findCheckpoints(start, name);
    if (!newest) throw new InputError(faults[0] ?? `${name} holds no checkpoint of a run.`);
    return newest.checkpoint;
  }
  try {
    return await readCheckpoint(start, name);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  }
}

/** The most bytes of a checkpoint: the limit of a typed array in Node 20. */
const largest = 2 ** 32;

/** Reads and checks one checkpoint in parts, because Node reads at most 2 GiB at once. */
async function readCheckpoint(start: StartFolder, name: string): Promise<ParsedCheckpoint> {
  const file = await open(userPath(start, name));
  try {
    const { size } = await file.stat();
    if (size > largest)
      throw new InputError(`${name} is not a checkpoint: it has ${size} bytes, more than ${largest}.`);
    const bytes = new Uint8Array(size);
    for (let place = 0; place < size; ) {
      const { bytesRead } = await file.read(bytes, place, Math.min(2 ** 30, size - place), place);
      if (bytesRead === 0) throw new InputError(`${name} became shorter while it was read.`);
      place += bytesRead;
    }
    return parseCheckpoint(bytes, name);
  } finally {
    await file.close();
  }
}
