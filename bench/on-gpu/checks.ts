import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import {
  finalModel,
  goldenCases,
  goldenRunIn,
  readGolden,
  readHistory,
  readModel,
} from "../../test/cli/fixtures.ts";
import { casesOfCpu, casesOfGpu, kernelCases, onePerKernel } from "../../test/kernels/cases.ts";
import { runCases } from "../../test/kernels/run-cases.ts";
import { messageOf } from "../measure.ts";
import { markdownTable } from "../report.ts";
import type { Part } from "./part.ts";

/** Every kernel against its float64 reference, in all variants. */
export const kernels: Part = async (dry, save, say) => {
  const { gpu } = await openNodeGpu();
  // A dry run omits two of three families, whose kernels take a software adapter the longest to compile.
  const cases = dry ? onePerKernel(casesOfCpu(kernelCases())) : casesOfGpu(gpu, kernelCases("all"));
  const names = [...new Set(cases.map(({ kernel }) => kernel.name))];
  const figures: { kernel: string; cases: number; wrong: number }[] = [];
  const failures: string[] = [];
  const report = () => {
    const all = figures.reduce((sum, { cases }) => sum + cases, 0);
    const rows = figures.filter(({ wrong }) => wrong > 0);
    const table = rows.map(({ kernel, cases, wrong }) => [kernel, `${cases}`, `${wrong}`]);
    const total = `${all} cases of ${figures.length} of ${names.length} kernels ran, ${failures.length} failed.`;
    const head = ["kernels that failed", "cases", "failed"];
    save({
      markdown: [total, ...(rows.length > 0 ? [markdownTable([head, ...table])] : [])],
      figures,
      failures,
    });
  };
  try {
    for (const kernel of names) {
      say(kernel);
      const own = cases.filter((one) => one.kernel.name === kernel);
      const wrong = await runCases(gpu, own)
        .then((results) =>
          results.flatMap(([name, errors]) => errors.map((error) => `${kernel}, ${name}: ${error}`)),
        )
        .catch((error: unknown) => [`${kernel}: ${messageOf(error)}`]);
      failures.push(...wrong);
      figures.push({ kernel, cases: own.length, wrong: wrong.length });
      report();
    }
  } finally {
    gpu.destroy();
  }
};

/** The built program. */
const program = fileURLToPath(new URL("../../dist/cli/unsnow.js", import.meta.url));

/** Float32 against PyTorch's float64, as in test/cli/golden.gpu.test.ts. */
const tolerance = 1e-6;

/** Trainings by PyTorch, repeated by the built program: the loss of every step, every epoch, and the final weights. */
export const goldens: Part = async (dry, save, say) => {
  const figures: { training: string; values: number; difference: number }[] = [];
  const failures: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "unsnow-golden-"));
  try {
    for (const training of dry ? (["tiny"] as const) : goldenCases) {
      say(training);
      try {
        const differences = await repeat(training, join(folder, training));
        const difference = Math.max(...differences);
        figures.push({ training, values: differences.length, difference });
        // Also true of NaN.
        if (!(difference <= tolerance))
          failures.push(`${training} differs by ${difference}, more than ${tolerance.toExponential()}.`);
      } catch (error) {
        failures.push(`${training}: ${messageOf(error)}`);
      }
      const rows = figures.map(({ training, values, difference }) => [
        training,
        `${values}`,
        difference.toExponential(1),
      ]);
      const table = markdownTable([["training by PyTorch", "values", "largest difference"], ...rows]);
      const head = `Losses and final weights against PyTorch in float64, with a tolerance of ${tolerance.toExponential()}.`;
      save({ markdown: [head, table], figures, failures });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** How much each value of a repeated training differs from PyTorch's. */
async function repeat(training: string, out: string): Promise<number[]> {
  const options = ["--backend", "gpu", "--quiet", "--out", out];
  await run(["train", ...(await goldenRunIn(out, training)), ...options]);
  const expected = readGolden(training);
  const { epochs, stepLoss = [] } = readHistory(join(out, "history.json"));
  const trained = readModel(join(out, "model.safetensors"));
  return [
    ...apart(stepLoss, expected.stepLoss),
    ...apart(
      epochs.map(({ loss }) => loss),
      expected.epochLoss,
    ),
    ...apart(
      epochs.map(({ valLoss }) => valLoss),
      expected.epochValLoss,
    ),
    ...finalModel(training).layers.flatMap(({ weight, bias }, layer) => [
      ...apart(trained.layers[layer]?.weight ?? [], weight),
      ...apart(trained.layers[layer]?.bias ?? [], bias),
    ]),
  ];
}

function apart(found: ArrayLike<number>, expected: ArrayLike<number>): number[] {
  if (found.length !== expected.length)
    throw new Error(`${found.length} values instead of ${expected.length}`);
  return Array.from(expected, (value, index) => Math.abs((found[index] ?? Number.NaN) - value));
}

/** Runs the program to its end; throws the first line of its error output if it fails. */
async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(complaint.trim() || `the program ended with ${code}`);
}
