import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { StartFolder } from "./io.ts";

/**
 * The folder that relative paths start from. npm runs a script in its package's root and keeps the folder that the user
 * is in as INIT_CWD; scripts of other packages that call this program mean their own folder.
 */
export function startFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const ownScript = env.npm_lifecycle_event !== undefined && env.npm_package_name === "unsnow";
  return ownScript && env.INIT_CWD ? env.INIT_CWD : cwd;
}

/** The absolute form of a path that the user gave. */
export function userPath({ folder }: StartFolder, path: string): string {
  return resolve(folder, path);
}

/** Where a path that the user gave leads; undefined if nothing is there. */
export function realPath(start: StartFolder, path: string): Promise<string | undefined> {
  return realpath(userPath(start, path)).catch(() => undefined);
}
