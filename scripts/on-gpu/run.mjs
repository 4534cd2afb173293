// Runs an unpacked archive of scripts/on-gpu.mjs on the machine with a GPU: ./run.sh [--minutes 30] [--only info,kernels] [--out results] [--dry]
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { interrupted, runChild } from "./child.mjs";
import { parts } from "./parts.mjs";
import { summaryOf } from "./summary.mjs";
import { vulkanEnvironment } from "./vulkan.mjs";

/** @typedef {import("./parts.mjs").Part} Part */
/** @typedef {import("./parts.mjs").Context} Context */
/** @typedef {import("./summary.mjs").Result} Result */
/** @typedef {import("./summary.mjs").Results} Results */

/** Seconds without which a part is not started. */
const least = 1;

/** A mistake in the command line, or in the folder of the results. */
class UsageError extends Error {}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: "string", default: "30" },
        only: { type: "string" },
        out: { type: "string", default: "results" },
        dry: { type: "boolean", default: false },
      },
    });
    const minutes = Number(values.minutes);
    if (!(minutes > 0)) throw new UsageError(`--minutes is "${values.minutes}": give a number above 0.`);
    const names = parts.map(({ name }) => name);
    const only = values.only?.split(",") ?? names;
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new UsageError(`There is no part "${unknown}": name ${names.join(", ")}.`);
    return { minutes, only, out: resolve(values.out), dry: values.dry };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(/** @type {Error} */ (error).message);
  }
}

/**
 * The results of an earlier run in this folder. Throws a UsageError if they cannot be continued.
 * @param {string} out
 * @param {{ dry: boolean, made: Record<string, unknown> }} present
 * @returns {Record<string, Result>}
 */
function earlierResults(out, { dry, made }) {
  const file = join(out, "results.json");
  if (!existsSync(file)) return {};
  /** @type {Results} */
  const earlier = JSON.parse(readFileSync(file, "utf8"));
  const other = "give another folder with --out";
  if (earlier.dry !== dry)
    throw new UsageError(`${out} has results ${dry ? "without" : "of"} --dry: ${other}.`);
  if (earlier.made.commit !== made.commit) {
    throw new UsageError(
      `${out} is of commit ${earlier.made.commit}, the archive of ${made.commit}: ${other}.`,
    );
  }
  return earlier.parts;
}

/**
 * Runs a part within its limit and reads what it left.
 * @param {Part} part
 * @param {Context} context
 * @param {number} limit
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Result>}
 */
async function runPart(part, context, limit, env) {
  const nothing = { seconds: 0, limit, markdown: [], figures: null, failures: [] };
  try {
    const missing = part.missing?.(context);
    if (missing !== undefined) return { ...nothing, state: "skipped", reason: missing };
    const log = join(context.out, "logs", `${part.name}.txt`);
    rmSync(join(context.out, "parts", `${part.name}.json`), { force: true });
    const ended = await runChild(part.command(context), { limit, log, env });
    const reading = part.read(context, ended);
    const result = { ...nothing, ...reading, seconds: ended.seconds };
    if (reading?.skipped !== undefined) return { ...result, state: "skipped", reason: reading.skipped };
    if (ended.stopped) {
      const again = part.endless ? "Run again to continue it." : "Run again to repeat it.";
      const reason = `It had ${limit.toFixed(0)} s. ${again}`;
      return { ...result, state: "stopped", reason };
    }
    if (ended.code !== 0) return { ...result, state: "failed", reason: ended.reason };
    if (!reading)
      return { ...result, state: "failed", reason: `It left no result: see logs/${part.name}.txt.` };
    const [reason] = reading.failures;
    return reason === undefined ? { ...result, state: "done" } : { ...result, state: "failed", reason };
  } catch (error) {
    return { ...nothing, state: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function main() {
  const { minutes, only, out, dry } = readOptions();
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const file = join(out, "results.json");
  const made = JSON.parse(readFileSync(join(root, "made.json"), "utf8"));
  const earlier = earlierResults(out, { dry, made });
  for (const folder of ["parts", "logs"]) mkdirSync(join(out, folder), { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), "unsnow-on-gpu-"));
  const { env, remarks } = vulkanEnvironment(root, scratch);
  /** @type {Results} */
  const results = {
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, ${process.platform}`,
    made,
    dry,
    date: new Date().toISOString(),
    remarks,
    parts: earlier,
  };
  const write = () => {
    writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
    writeFileSync(join(out, "summary.md"), summaryOf(results));
  };
  const before = results.parts.info?.figures?.adapter;
  const started = performance.now();
  /** Parts that are done are not repeated, except info, which always shows whether the machine is the same. */
  const due = parts.filter(
    ({ name }) => name === "info" || (only.includes(name) && results.parts[name]?.state !== "done"),
  );
  const context = { root, out, scratch, dry };
  try {
    for (const [index, part] of due.entries()) {
      const left = 60 * minutes - (performance.now() - started) / 1000;
      if (left < least || interrupted.aborted) break;
      const shares = due.slice(index).reduce((sum, one) => sum + (one.missing?.(context) ? 0 : one.share), 0);
      const limit = part.missing?.(context) ? 0 : (left * part.share) / shares;
      process.stdout.write(`${part.name}, at most ${limit.toFixed(0)} s: `);
      const caches = { XDG_CACHE_HOME: join(scratch, "cache") };
      const result = await runPart(part, context, limit, {
        ...process.env,
        ...env,
        ...caches,
      });
      const adapter = result.figures?.adapter;
      if (part.name === "info" && before !== undefined && adapter !== undefined && adapter !== before) {
        throw new UsageError(
          `${out} has the figures of ${before}, but this is ${adapter}: give another folder with --out.`,
        );
      }
      results.parts[part.name] = result;
      write();
      process.stdout.write(`${result.state}${result.reason === undefined ? "" : `: ${result.reason}`}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(`\n${join(out, "summary.md")} has all tables, results.json all figures.\n`);
  if (due.some(({ name }) => results.parts[name]?.state === "failed")) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`unsnow: ${error.message}\n`);
  process.exitCode = 1;
}
