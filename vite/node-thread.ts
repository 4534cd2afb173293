import { createHash } from "node:crypto";
import { basename, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "vite";
import { cache, writeWhole } from "./cache.ts";

/** A placeholder for the file name of a thread's script, followed by its reference, until chunks are written. */
const placeholder = "unsnow-thread:";

/**
 * Makes `import address from "./main.ts?thread"` return the address of a script for a Node thread: a separate chunk
 * in a build, otherwise, as in tests, a file that is built into a cache.
 */
export function nodeThread(): Plugin {
  let building = false;
  return {
    name: "unsnow:node-thread",
    enforce: "pre",
    configResolved: ({ command }) => {
      building = command === "build";
    },
    async load(id) {
      const [file = id, query] = id.split("?");
      if (query !== "thread") return null;
      if (building) {
        const reference = this.emitFile({ type: "chunk", id: file });
        return `export default new URL("${placeholder}${reference}", import.meta.url).href;`;
      }
      return `export default ${JSON.stringify(pathToFileURL(await built(file)).href)};`;
    },
    // The locations of both files are known only now.
    renderChunk(code, { fileName }) {
      const named = code.replace(new RegExp(`${placeholder}(\\w+)`), (_, reference: string) =>
        posix.relative(posix.dirname(fileName), this.getFileName(reference)),
      );
      return named === code ? null : { code: named, map: null };
    },
  };
}

/** Builds a script for Node and returns its path. */
async function built(file: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    build: { ssr: file, write: false, target: "node20", minify: false },
  });
  const [output] = [result].flat();
  if (!output || !("output" in output)) throw new Error(`${file} could not be built.`);
  const [chunk] = output.output;
  const digest = createHash("sha256").update(chunk.code).digest("hex").slice(0, 16);
  const path = join(cache, `${basename(file, ".ts")}-${digest}.mjs`);
  writeWhole(path, chunk.code);
  return path;
}
