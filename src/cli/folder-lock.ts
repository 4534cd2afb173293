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
 * Milliseconds to wait for a process on this machine that holds the lock: a supervisor may restart a run before the killed
 * process has ended.
 */
const usualPatience = 3000;

/** The lock of a folder that one process at a time may use. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder for this process. The lock is a file with the process's number; the lock of an ended process is replaced.
 * Throws an InputError if another process still holds the lock after `patience` milliseconds.
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
 * Creates `to` with the content of `from`; fails if `to` exists. It is a hard link, so its content is complete at once; on a
 * file system without hard links it is a copy.
 */
async function placeNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (isCode(error, "EEXIST")) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

/** Removes the lock of an ended process, but keeps a lock that another process created in the meantime. */
async function takeAway(path: string, holder: string): Promise<void> {
  const aside = `${path}.${process.pid}.old`;
  await rename(path, aside).catch(() => {});
  const found = await readFile(aside, "utf8").catch(() => holder);
  if (found !== holder) await placeNew(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

const holderLine = /^(\d+) on (.*)\n$/;

/** Whether the process of a lock is on this machine. */
function isHere(holder: string): boolean {
  return holderLine.exec(holder)?.[2] === hostname();
}

/** Whether the process of a lock may still run; true for processes of other machines, which cannot be checked. */
function mayLive(holder: string): boolean {
  const [, pid] = holderLine.exec(holder) ?? [];
  if (pid === undefined) return false;
  if (!isHere(holder)) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
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
