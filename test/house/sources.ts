import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const read = (file: string) => readFileSync(join(root, file), "utf8");

/** The repository's files below a folder whose names match, with "/" on every system, in a fixed order. */
export const files = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((file) => ending.test(file))
    .sort();

/** The static and dynamic imports of a file, including those of types and Workers. */
export function importsOf(file: string, code: string): string[] {
  const { module } = parseSync(file, code);
  const written = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value),
    ),
    ...[...code.matchAll(/\b(?:import\(|new URL\()\s*"([^"]+)"/g)].map((found) => found[1]),
  ];
  return [...new Set(written)].filter((request) => request !== undefined);
}

/** The names that a module exports. */
export function exportsOf(file: string): string[] {
  const { module } = parseSync(file, read(file));
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName }) => exportName.name ?? []),
  );
}

/** The imports of a file of wasm/, which is AssemblyScript, whose decorators are not valid TypeScript. */
export function importsOfWasm(code: string): string[] {
  return [...code.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s*"([^"]+)"/gm)].map(
    ([, request = ""]) => request,
  );
}
