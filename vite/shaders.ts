import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

/**
 * Makes `import shader from "…/name.wgsl"` return the text of a shader, including comments, so that it is readable in
 * the browser's devtools. A line `#include "lib/piece.wgsl"` is replaced by that file, once, even if several files
 * include it.
 */
export function shaders(): Plugin {
  return {
    name: "unsnow:shaders",
    enforce: "pre",
    async load(id) {
      const [file = id, query] = id.split("?");
      if (!file.endsWith(".wgsl") || query) return null;
      const included = new Set<string>();
      const text = await withIncludes(file, included);
      for (const piece of included) this.addWatchFile(piece);
      return { code: `export default ${JSON.stringify(text)};`, map: null };
    },
  };
}

/** The text of a shader file with its includes expanded; `included` holds the files that were already included. */
async function withIncludes(file: string, included: Set<string>): Promise<string> {
  if (included.has(file)) return "";
  included.add(file);
  const lines = (await readFile(file, "utf8")).split("\n");
  const resolved: string[] = [];
  for (const line of lines) {
    const piece = /^#include "(.+)"$/.exec(line)?.[1];
    resolved.push(piece ? await withIncludes(resolve(dirname(file), piece), included) : line);
  }
  return resolved.join("\n");
}
