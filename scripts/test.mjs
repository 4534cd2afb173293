// Implements `npm test`, after the setup. Vitest's GPU tests use one core in one process, so they run in parallel
// with the checks and the other tests; the browser tests need both cores. `npm run check` runs only the checks.
//   node scripts/test.mjs [check]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "./setup/machine.mjs";

const vitest = ["node_modules/vitest/vitest.mjs", "run"];
const playwright = ["node_modules/@playwright/test/cli.js", "test"];
const checks = [
  ["node_modules/typescript/bin/tsc", "-b"],
  ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
];

/**
 * Runs a Node program to its end.
 * @param {readonly string[]} args
 * @param {{ later?: boolean }} [show] whether its output is kept and printed on request
 */
function start(args, { later = false } = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", later ? "pipe" : "inherit", later ? "pipe" : "inherit"],
  });
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes) => output.push(bytes));
  const ended = once(child, "close");
  return {
    /** Returns whether it succeeded; prints its output now if it was kept. */
    async succeeded() {
      const [code] = await ended;
      process.stdout.write(Buffer.concat(output));
      return code === 0;
    },
  };
}

/** Runs programs one by one until one fails. */
async function all(/** @type {readonly (readonly string[])[]} */ steps) {
  for (const args of steps) {
    if (!(await start(args).succeeded())) return false;
  }
  return true;
}

async function test() {
  const gpu = start([...vitest, "--project", "gpu"], { later: true });
  const others = await all([...checks, [...vitest, "--project", "plain", "--project", "lab"]]);
  return (await gpu.succeeded()) && others && (await all([[...playwright, "--project=page"]]));
}

const passed = process.argv[2] === "check" ? await all([...checks, [...vitest, "test/house"]]) : await test();
process.exitCode = passed ? 0 : 1;
