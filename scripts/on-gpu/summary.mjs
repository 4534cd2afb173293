// The results for people: summary.md, whose tables can be copied into docs/benchmarks.md.
import { median } from "../../bench/measure.ts";
import { digits, markdownTable } from "../../bench/report.ts";
import { parts } from "./parts.mjs";

/**
 * @typedef {object} Result of a part
 * @property {"done" | "failed" | "stopped" | "skipped"} state
 * @property {number} seconds
 * @property {number} limit in seconds
 * @property {string} [reason] why it is not done, in one sentence
 * @property {readonly string[]} markdown
 * @property {any} figures
 * @property {readonly string[]} failures
 */

/**
 * @typedef {object} Results
 * @property {string} machine
 * @property {Record<string, unknown>} made how the archive was made
 * @property {boolean} dry
 * @property {string} date of the last run
 * @property {readonly string[]} remarks
 * @property {Record<string, Result>} parts
 */

/** How the section of a part that is not done begins. */
const beginnings = { failed: "Failed:", stopped: "Stopped:" };

/** The most failures that the summary lists; results.json has all. */
const listed = 10;

/** @param {Results} results */
export function summaryOf(results) {
  const { adapter, software } = results.parts.info?.figures ?? {};
  const lines = [
    `# unsnow on ${adapter ?? "a machine whose adapter is not known"}`,
    `${results.machine}. ${results.date.slice(0, 10)}, unsnow ${results.made.version}, commit ${results.made.commit}.`,
    ...(results.dry ? ["A dry run: it shows that the archive works, and its figures mean nothing."] : []),
    ...(software ? ["The adapter is software: these figures say nothing about a GPU."] : []),
    ...results.remarks,
    stateTable(results),
    skippedList(results),
    "## Goals",
    goalsTable(results),
  ];
  for (const { name, title } of parts) {
    const result = results.parts[name];
    if (!result || result.state === "skipped") continue;
    const { markdown, failures, reason, state } = result;
    const more = failures.length > listed ? [`- and ${failures.length - listed} more, see results.json`] : [];
    const list = [...failures.slice(0, listed).map((failure) => `- ${failure}`), ...more].join("\n");
    const beginning =
      state === "done"
        ? ""
        : `${beginnings[state]} ${failures.length > 1 ? `${failures.length} times` : reason}`;
    lines.push(`## ${title}`, beginning, ...markdown, failures.length > 1 ? list : "");
  }
  return `${lines.filter(Boolean).join("\n\n")}\n`;
}

/** @param {Results} results */
function stateTable({ parts: results }) {
  const rows = parts.map(({ name }) => {
    const result = results[name];
    if (!result || result.state === "skipped") return [name, result?.state ?? "not run", "", ""];
    return [name, result.state, digits(result.seconds), digits(result.limit)];
  });
  return markdownTable([["part", "state", "s", "limit, s"], ...rows]);
}

/** @param {Results} results */
function skippedList({ parts: results }) {
  return parts
    .filter(({ name }) => results[name]?.state === "skipped")
    .map(({ name }) => `- ${name}: ${results[name]?.reason}`)
    .join("\n");
}

/** The goals on a data-centre card, each with what was measured. */
function goalsTable(/** @type {Results} */ { parts: results }) {
  const notebook = results.notebook?.figures;
  const { rows: height, seconds: [first] = [] } = results.photograph?.figures ?? {};
  /** The time of a system at a shape, as a multiple of unsnow's. */
  const timesOwn = (/** @type {string} */ shape, /** @type {string} */ system) => {
    const measured = results.pytorch?.figures?.find((/** @type {any} */ one) => one.shape === shape)?.results;
    const time = (/** @type {string} */ name) =>
      median(measured?.find((/** @type {any} */ one) => one.system === name)?.milliseconds ?? []);
    return time(system) / time("unsnow");
  };
  const share = leastShare(results.steps?.figures);
  const complete = notebook?.epochs === 100 && notebook.steps === 469;
  const eager = "PyTorch CUDA";
  const rows = [
    goal(
      "the notebook, 100 epochs of 469 steps: under 5 s",
      complete ? notebook.total : Number.NaN,
      "s",
      (s) => s < 5,
    ),
    goal(
      "a step of A, speed against PyTorch eager: at least 5 times",
      timesOwn("A", eager),
      "times",
      (x) => x >= 5,
    ),
    // Within the spread of the rounds.
    goal(
      "a step of A, speed against CUDA graphs: as fast",
      timesOwn("A", `${eager} graphs`),
      "times",
      (x) => x >= 0.95,
    ),
    goal("the slowest product of B, of the multiply-adds: at least 50 %", 100 * share, "%", (x) => x >= 50),
    goal("a step of D, speed against PyTorch eager: as fast", timesOwn("D", eager), "times", (x) => x >= 1),
    goal("a photograph of 12 megapixels: under 1 s", height === 3000 ? first : Number.NaN, "s", (s) => s < 1),
  ];
  return markdownTable([["goal on a data-centre card", "measured", "reached"], ...rows]);
}

/**
 * @param {string} what
 * @param {number} value NaN if it was not measured
 * @param {string} unit
 * @param {(value: number) => boolean} reached
 */
function goal(what, value, unit, reached) {
  if (!Number.isFinite(value)) return [what, "not measured", ""];
  return [what, `${digits(value)} ${unit}`, reached(value) ? "yes" : "no"];
}

/**
 * The smallest share of the ceiling of multiply-adds among the products of shape B.
 * @param {any} figures of the part "steps"
 */
function leastShare(figures) {
  const kernels = figures?.shapes?.find((/** @type {any} */ one) => one.shape === "B")?.kernels ?? [];
  const rates = kernels
    .map((/** @type {any} */ one) => one.flops)
    .filter((/** @type {number} */ flops) => flops > 0);
  return rates.length > 0 ? Math.min(...rates) / figures.ceilings.multiplyAddFlops : Number.NaN;
}
