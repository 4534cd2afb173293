import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";

/** What goes into a file: all of it, piece after piece, or what is there once the files before it are written. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array> | (() => Promise<Uint8Array>);

/** Contents by file name, written in this order. */
export type OutputFiles = ReadonlyMap<string, Content>;

/**
 * Creates the folder where it is missing, and tries whether files of these names can be written into it, touching none
 * of them; throws an InputError if not. So an hour's work is not lost on a folder that takes no files.
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

/** Creates a folder `runs/<UTC time>` that was not there before, and gives its name. Names sort by time. */
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
 * Writes files into a folder, each completely or not at all. All are written under temporary names before the first
 * takes the place of an old one, so that a full disk or an interruption leaves every old file. Throws an InputError.
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

/** A hidden name in the same folder, hence on the same disk, which no other process uses. */
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
 * Makes a folder and those above it that are missing. Not by mkdir's own recursion, which in Node 20 never ends where the
 * system denies a folder as missing, as it does below /proc.
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
    // What is to be written may fail on its way here, for reasons of its own.
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${name} cannot be written: ${fileFault(cause)}.`, { cause });
  }
}
