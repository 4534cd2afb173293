import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The package's version. package.json is two folders above both this file and the built program. */
export function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
