import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mergeScriptCovs } from "@bcoe/v8-coverage";
import { convert } from "ast-v8-to-istanbul";
import { parseAst } from "vite";

/**
 * The executed statements, "src/a.ts 3:2", and branches, "src/a.ts 3:2 if 1".
 * @typedef {{ statements: Set<string>, branches: Set<string> }} Executed
 */

/** @typedef {import("@bcoe/v8-coverage").ScriptCov} ScriptCov */

/**
 * Adds what was executed according to V8's coverage files in a folder, by the source maps of the scripts in `built`.
 * @param {Executed} executed
 * @param {string} folder files of NODE_V8_COVERAGE or of e2e/support/coverage.ts
 * @param {string} built the folder of the built scripts
 */
export async function executedIn(executed, folder, built) {
  for (const [name, counts] of byScript(folder)) {
    const file = join(built, name);
    if (!existsSync(file)) continue;
    const code = readFileSync(file, "utf8");
    const merged = mergeScriptCovs(counts);
    const sourceMap = sourceMapOf(file, code);
    if (!merged || !sourceMap) continue;
    add(
      executed,
      await convert({
        code,
        ast: parseAst(code),
        sourceMap,
        coverage: { ...merged, url: pathToFileURL(file).href },
      }),
    );
  }
}

/**
 * Adds what was executed according to an Istanbul coverage map.
 * @param {Executed} executed
 * @param {Record<string, import("istanbul-lib-coverage").FileCoverageData>} map
 */
export function add({ statements, branches }, map) {
  for (const [path, file] of Object.entries(map)) {
    for (const [id, place] of Object.entries(file.statementMap)) {
      if (file.s[id]) statements.add(statementKey(path, place));
    }
    for (const [id, { type, locations, loc }] of Object.entries(file.branchMap)) {
      locations.forEach((_, way) => {
        if (file.b[id]?.[way]) branches.add(branchKey(path, loc, type, way));
      });
    }
  }
}

/**
 * @param {string} path
 * @param {import("istanbul-lib-coverage").Range} place
 */
export function statementKey(path, { start }) {
  return `${withinSrc(path)} ${start.line}:${start.column}`;
}

/**
 * @param {string} path
 * @param {import("istanbul-lib-coverage").Range} place
 * @param {string} type
 * @param {number} way
 */
export function branchKey(path, place, type, way) {
  return `${statementKey(path, place)} ${type} ${way}`;
}

/**
 * "src/lab/page.tsx", independent of the location of the checkout.
 * @param {string} path
 */
function withinSrc(path) {
  return path.slice(path.lastIndexOf("/src/") + 1);
}

/**
 * All counts of each script, by its path within the build.
 * @param {string} folder
 * @returns {Map<string, ScriptCov[]>}
 */
function byScript(folder) {
  /** @type {Map<string, ScriptCov[]>} */
  const scripts = new Map();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const found = JSON.parse(readFileSync(join(folder, name), "utf8"));
    for (const script of found.result ?? found) {
      // Skips Node's own scripts.
      if (!/^(file|https?):/.test(script.url)) continue;
      const { protocol, pathname } = new URL(script.url);
      const path = protocol === "file:" ? basename(fileURLToPath(script.url)) : pathname.slice(1);
      const counts = scripts.get(path) ?? [];
      // The same address for all, because ports differ.
      counts.push({ ...script, url: path });
      scripts.set(path, counts);
    }
  }
  return scripts;
}

/**
 * @param {string} file
 * @param {string} code
 */
function sourceMapOf(file, code) {
  if (!existsSync(`${file}.map`)) return undefined;
  const map = JSON.parse(readFileSync(`${file}.map`, "utf8"));
  // The map does not include the line that makes the program executable (vite.cli.config.ts).
  return code.startsWith("#!") ? { ...map, mappings: `;${map.mappings}` } : map;
}
