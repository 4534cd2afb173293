// Runs the tests and prints the share of statements and branches of src/ that they execute, by folder: in Vitest, in
// the program's own processes, and in the browser's pages and Workers. dist/coverage/missed.txt lists what was not
// executed.
//   npm run coverage
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { add, branchKey, executedIn, statementKey } from "./coverage/executed.mjs";
import { root } from "./setup/machine.mjs";
import { SetupError } from "./setup/report.mjs";
import { runNode } from "./setup/run.mjs";

const folder = join(root, "dist", "coverage");
const [vitest, program, pages] = ["vitest", "program", "pages"].map((name) => join(folder, name));
const built = ["cli", "e2e"].map((name) => join(root, "dist", name));

/** Runs a Node script with the environment for counting; returns whether it succeeded. */
function runCounted(/** @type {readonly string[]} */ ...args) {
  const env = { UNSNOW_COVERAGE: pages ?? "", UNSNOW_PROGRAM_COVERAGE: program ?? "" };
  return runNode(args, { env });
}

/** Runs tests. The coverage of failing tests counts as well. */
function runTests(/** @type {readonly string[]} */ ...args) {
  if (runCounted(...args)) return;
  console.error("unsnow: some tests failed; what they executed is counted all the same.");
  process.exitCode = 1;
}

/** Removes the built program and page. They are built with source maps here and without them elsewhere. */
function removeBuilt() {
  for (const path of built) rmSync(path, { recursive: true, force: true });
}

/** @typedef {{ covered: number, total: number }} Share */

/**
 * The executed share of src/, by folder, and what was not executed.
 * @param {Record<string, import("istanbul-lib-coverage").FileCoverageData>} universe
 * @param {import("./coverage/executed.mjs").Executed} executed
 */
function countByFloor(universe, executed) {
  /** @type {Map<string, { statements: Share, branches: Share }>} */
  const floors = new Map();
  const missed = [];
  for (const [path, { statementMap, branchMap }] of Object.entries(universe)) {
    const statements = Object.values(statementMap).map((place) => statementKey(path, place));
    const branches = Object.values(branchMap).flatMap(({ loc, type, locations }) =>
      locations.map((_, way) => branchKey(path, loc, type, way)),
    );
    const floor = /src\/([^/]+)/.exec(statementKey(path, none))?.[1] ?? "";
    for (const name of [floor, "all of src/"]) {
      const counts = floors.get(name) ?? {
        statements: { covered: 0, total: 0 },
        branches: { covered: 0, total: 0 },
      };
      count(counts.statements, statements, executed.statements);
      count(counts.branches, branches, executed.branches);
      floors.set(name, counts);
    }
    missed.push(...statements.filter((key) => !executed.statements.has(key)));
    missed.push(...branches.filter((key) => !executed.branches.has(key)));
  }
  return { floors, missed };
}

const none = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };

/**
 * @param {Share} share
 * @param {readonly string[]} keys
 * @param {ReadonlySet<string>} executed
 */
function count(share, keys, executed) {
  share.total += keys.length;
  share.covered += keys.filter((key) => executed.has(key)).length;
}

const percent = (/** @type {Share} */ { covered, total }) =>
  `${((100 * covered) / total).toFixed(2).padStart(6)} % of ${String(total).padStart(5)}`;

const universe = () => JSON.parse(readFileSync(join(vitest ?? "", "coverage-final.json"), "utf8"));

try {
  rmSync(folder, { recursive: true, force: true });
  removeBuilt();
  const parts = ["packages", "browser", "gpu", "cli", "api", "library"];
  if (!runCounted("scripts/setup.mjs", ...parts))
    throw new SetupError("What the tests need could not be set up.");
  runTests(
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project=!long",
    ...["--coverage.enabled", "--coverage.provider=v8", "--coverage.include=src/**/*.{ts,tsx}"],
    ...["--coverage.reporter=json", `--coverage.reportsDirectory=${vitest}`],
  );
  runTests("node_modules/@playwright/test/cli.js", "test", "--project=page");
  /** @type {import("./coverage/executed.mjs").Executed} */
  const executed = { statements: new Set(), branches: new Set() };
  add(executed, universe());
  await executedIn(executed, program ?? "", built[0] ?? "");
  await executedIn(executed, pages ?? "", built[1] ?? "");
  const { floors, missed } = countByFloor(universe(), executed);
  for (const [name, { statements, branches }] of [...floors].sort()) {
    console.log(`${name.padEnd(12)} statements ${percent(statements)}, branches ${percent(branches)}`);
  }
  writeFileSync(join(folder, "missed.txt"), `${missed.sort().join("\n")}\n`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`unsnow: ${error.message}`);
  process.exitCode = 1;
} finally {
  removeBuilt();
}
