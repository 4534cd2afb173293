// The parts of an archive of scripts/on-gpu.mjs that need the sources: node main.js PART REPORT [--dry]
// REPORT is a JSON file, written again whenever there is more to report, so that a part that is stopped leaves what it has.
import { renameSync, writeFileSync } from "node:fs";
import { messageOf } from "../measure.ts";
import { goldens, kernels } from "./checks.ts";
import type { Part, Report } from "./part.ts";
import { families, photograph, pytorch, steps } from "./speed.ts";

const parts: Readonly<Record<string, Part>> = { kernels, goldens, families, steps, pytorch, photograph };

const [name = "", path = "", ...options] = process.argv.slice(2);
const part = parts[name];
if (!part || path === "") {
  throw new Error(`Name one of ${Object.keys(parts).join(", ")}, and the file of its report, not "${name}".`);
}

const save = (report: Report) => {
  writeFileSync(`${path}.part`, `${JSON.stringify(report, null, 1)}\n`);
  renameSync(`${path}.part`, path);
};

try {
  await part(options.includes("--dry"), save, (progress) => process.stderr.write(`${progress}\n`));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  // The last line of what the part prints is the reason that the summary gives.
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
