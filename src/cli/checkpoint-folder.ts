import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Checkpoint, encodeCheckpoint, type ParsedCheckpoint } from "../formats/checkpoint.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import { findCheckpoints, type Slot, slots } from "./find-checkpoints.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import type { StartFolder } from "./io.ts";
import { makeFolder, writeWhole } from "./output-files.ts";
import { userPath } from "./paths.ts";
import { isFolder } from "./train-inputs.ts";

/**
 * The folder of a run's checkpoints, locked against other processes. If another process holds the lock, this one waits
 * for up to `patience` milliseconds.
 */
export class CheckpointFolder {
  /** As the user named it. */
  readonly name: string;
  readonly #path: string;
  readonly #lock: FolderLock;
  #newest: Slot | undefined;
  #number = 0;

  private constructor(name: string, path: string, lock: FolderLock) {
    this.name = name;
    this.#path = path;
    this.#lock = lock;
  }

  /** Creates the folder for a new run if it does not exist; throws an InputError if it already holds checkpoints. */
  static async create(start: StartFolder, name: string, patience?: number): Promise<CheckpointFolder> {
    const path = userPath(start, name);
    try {
      await makeFolder(path);
    } catch (cause) {
      throw new InputError(`${name} cannot be written: ${fileFault(cause)}.`, { cause });
    }
    const folder = new CheckpointFolder(name, path, await lockFolder(start, name, patience));
    const { newest, faults } = await folder.#orRelease(() => findCheckpoints(start, name));
    if (!newest && faults.length === 0) return folder;
    await folder.close();
    throw new InputError(
      `${name} holds the checkpoints of a run: continue it with --resume ${name}, or name another folder.`,
    );
  }

  /** Opens the folder of a run to resume; throws an InputError with the reason if none of its checkpoints is intact. */
  static async open(
    start: StartFolder,
    name: string,
    patience?: number,
  ): Promise<{
    readonly folder: CheckpointFolder;
    /** The file of the checkpoint. */
    readonly name: string;
    readonly checkpoint: ParsedCheckpoint;
    readonly faults: readonly string[];
  }> {
    const path = userPath(start, name);
    if (!(await isFolder(start, name)))
      throw new InputError(`${name} holds no checkpoint of a run: there is no such folder.`);
    const folder = new CheckpointFolder(name, path, await lockFolder(start, name, patience));
    const { newest, faults } = await folder.#orRelease(() => findCheckpoints(start, name));
    if (newest) {
      folder.#newest = newest.slot;
      folder.#number = newest.checkpoint.number;
      return { folder, name: join(name, newest.slot), checkpoint: newest.checkpoint, faults };
    }
    await folder.close();
    throw new InputError(faults[0] ?? `${name} holds no checkpoint of a run.`);
  }

  /**
   * Saves a checkpoint in place of the older one, and gives it the next number. The file is written completely or not at
   * all. Throws an InputError.
   */
  async save(checkpoint: Omit<Checkpoint, "number">): Promise<void> {
    const slot = slots.find((name) => name !== this.#newest) ?? slots[0];
    const path = join(this.#path, slot);
    const temporary = `${path}.tmp`;
    const bytes = encodeCheckpoint({ ...checkpoint, number: this.#number + 1 });
    try {
      await writeWhole(temporary, bytes);
      await rename(temporary, path);
      await syncFolder(dirname(path));
    } catch (cause) {
      await rm(temporary, { force: true });
      throw new InputError(
        `The checkpoint ${join(this.name, slot)} cannot be written: ${fileFault(cause)}.`,
        {
          cause,
        },
      );
    }
    this.#newest = slot;
    this.#number += 1;
  }

  /** Releases the lock. */
  close(): Promise<void> {
    return this.#lock.release();
  }

  /** Does the work; releases the lock if it fails. */
  async #orRelease<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}

/** Flushes the rename to the disk. Windows has no such call and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
