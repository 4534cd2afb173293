import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of files that are made once. */
export const cache = fileURLToPath(new URL("../node_modules/.cache/unsnow", import.meta.url));

/** Writes a file atomically, because another process may be reading or writing it, and makes its folder. */
export function writeWhole(path: string, data: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, path);
}
