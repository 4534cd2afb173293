import { constants, copyFile, link, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { writeWhole } from "./output-files.ts";
import { userPath } from "./paths.ts";

const lockName = "checkpoint.lock";

/**
 * Milliseconds that a holder on this machine is given to end: a supervisor starts a run again in the moment in which it
 * kills it.
 */
const usualPatience = 3000;

/** A folder that one process at a time works in. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. The lock is a file with the process's number; one whose process is dead is taken over.
 * Throws an InputError where another process still works there after `patience` milliseconds.
 */
export async function lockFolder(
  start: StartFolder,
  folder: string,
  patience = usualPatience,
): Promise<FolderLock> {
  const refused = performance.now() + patience;
  const path = userPath(start, join(folder, lockName));
  const mine = `${process.pid} on ${hostname()}\n`;
  const own = `${path}.${process.pid}`;
  try {
    await writeWhole(own, mine);
    for (;;) {
      const taken = await placeNew(own, path).then(
        () => false,
        (error: unknown) => {
          if (isCode(error, "EEXIST")) return true;
          throw error;
        },
      );
      if (!taken) break;
      const holder = await readFile(path, "utf8").catch(() => "");
      if (holder !== mine && mayLive(holder)) {
        // There is no way to know whether a process on another machine has ended.
        if (!isHere(holder) || performance.now() >= refused) throw inUse(folder, holder);
        await setTimeout(50);
        continue;
      }
      await takeAway(path, holder);
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${folder} cannot be written: ${fileFault(cause)}.`, { cause });
  } finally {
    await rm(own, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/**
 * Gives a file another name as well, in place of none: it appears with all of its content, where the file system has links.
 */
async function placeNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (isCode(error, "EEXIST")) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

/** Removes the lock of an ended process, but not one that another process took in the meantime. */
async function takeAway(path: string, holder: string): Promise<void> {
  const aside = `${path}.${process.pid}.old`;
  await rename(path, aside).catch(() => {});
  const found = await readFile(aside, "utf8").catch(() => holder);
  if (found !== holder) await placeNew(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

const holderLine = /^(\d+) on (.*)\n$/;

/** Whether the process of a lock is one of this machine. */
function isHere(holder: string): boolean {
  return holderLine.exec(holder)?.[2] === hostname();
}

/** Whether the process of a lock may still be at work: on other machines it may. */
function mayLive(holder: string): boolean {
  const [, pid] = holderLine.exec(holder) ?? [];
  if (pid === undefined) return false;
  if (!isHere(holder)) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // It is there, but someone else's.
    return isCode(error, "EPERM");
  }
}

function inUse(folder: string, holder: string): InputError {
  const file = join(folder, lockName);
  return new InputError(
    `${folder} is in use by another training run, process ${holder.trim()}: stop that process, or delete ${file} if it has ended.`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
