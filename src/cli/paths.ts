import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { StartFolder } from "./io.ts";

/**
 * The folder that relative paths start from. npm runs a script in its package's root and stores the user's folder in
 * INIT_CWD. It is used only for the scripts of this package; paths in scripts of other packages start from their root.
 */
export function startFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const ownScript = env.npm_lifecycle_event !== undefined && env.npm_package_name === "unsnow";
  return ownScript && env.INIT_CWD ? env.INIT_CWD : cwd;
}

/** The absolute path of a path that the user gave. */
export function userPath({ folder }: StartFolder, path: string): string {
  return resolve(folder, path);
}

/** The path with all links resolved; undefined if nothing exists there. */
export function realPath(start: StartFolder, path: string): Promise<string | undefined> {
  return realpath(userPath(start, path)).catch(() => undefined);
}
