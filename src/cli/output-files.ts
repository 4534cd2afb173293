import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";

/** A file's content: complete, in pieces, or made by a function that is called after the earlier files are written. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array> | (() => Promise<Uint8Array>);

/** Contents by file name, written in this order. */
export type OutputFiles = ReadonlyMap<string, Content>;

/**
 * Creates the folder if it does not exist, and checks that files of these names can be written into it, without changing
 * them; throws an InputError if not. Commands call it before long work, so that the result is not lost.
 */
export async function prepareFolder(
  start: StartFolder,
  folder: string,
  names: readonly string[],
): Promise<void> {
  await orInputError(folder, async () => {
    await makeFolder(userPath(start, folder));
    const probe = temporaryPath(start, folder, "probe");
    await writeWhole(probe, "");
    await rm(probe);
  });
  for (const name of names) {
    const found = await stat(userPath(start, join(folder, name))).catch(() => undefined);
    if (found?.isDirectory()) {
      throw new InputError(`${join(folder, name)} cannot be written: it is a folder.`);
    }
  }
}

/** Creates a new folder `runs/<UTC time>` and returns its name. Names sort by time. */
export async function newRunFolder(start: StartFolder, now = new Date()): Promise<string> {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  await orInputError("runs", () => makeFolder(userPath(start, "runs")));
  for (let attempt = 1; ; attempt++) {
    const folder = join("runs", attempt === 1 ? time : `${time}-${attempt}`);
    try {
      await mkdir(userPath(start, folder));
      return folder;
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!taken) throw new InputError(`${folder} cannot be written: ${fileFault(error)}.`, { cause: error });
    }
  }
}

/**
 * Writes files into a folder, each completely or not at all. All are written under temporary names before the first one
 * replaces an old file, so that a full disk or an interruption leaves all old files. Throws an InputError.
 */
export async function writeFiles(start: StartFolder, folder: string, files: OutputFiles): Promise<void> {
  await orInputError(folder, () => makeFolder(userPath(start, folder)));
  const temporary = [...files.keys()].map((name) => [temporaryPath(start, folder, name), name] as const);
  try {
    for (const [path, name] of temporary) {
      await orInputError(join(folder, name), () => writeWhole(path, files.get(name) ?? ""));
    }
    for (const [path, name] of temporary) {
      await orInputError(join(folder, name), () => rename(path, userPath(start, join(folder, name))));
    }
  } finally {
    await Promise.all(temporary.map(([path]) => rm(path, { force: true })));
  }
}

/** A hidden name that no other process uses, in the same folder and thus on the same disk. */
function temporaryPath(start: StartFolder, folder: string, name: string): string {
  return userPath(start, join(folder, `.${name}.${process.pid}.tmp`));
}

/** Writes a file and flushes it to the disk. */
export async function writeWhole(path: string, content: Content): Promise<void> {
  const file = await open(path, "w");
  try {
    await writeFile(file, typeof content === "function" ? await content() : content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Creates a folder and its missing parents. It does not use mkdir's `recursive` option, which never returns in Node 20 for a
 * folder that the system reports as missing but cannot create, as below /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

async function orInputError(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    // Making the content may fail with an InputError of its own.
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${name} cannot be written: ${fileFault(cause)}.`, { cause });
  }
}
