import { realpath } from "node:fs/promises";
import { resolve } from "node:path";

/**
 * The folder that relative paths start from. npm runs a script in its package's root and keeps the folder that the user
 * is in as INIT_CWD; scripts of other packages that call this program mean their own folder.
 */
export function startFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const ownScript = env.npm_lifecycle_event !== undefined && env.npm_package_name === "unsnow";
  return ownScript && env.INIT_CWD ? env.INIT_CWD : cwd;
}

/** The absolute form of a path that the user gave. */
export function userPath(path: string): string {
  return resolve(startFolder(process.env, process.cwd()), path);
}

/** Where a path that the user gave leads; undefined if nothing is there. */
export function realPath(path: string): Promise<string | undefined> {
  return realpath(userPath(path)).catch(() => undefined);
}
