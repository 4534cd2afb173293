import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { digitFiles } from "../vite/digits.ts";
import { makeProblem, sampleSize } from "./problem.ts";
import { batchCount, networkOf, type Shape } from "./shapes.ts";
import type { Block, Session, System } from "./system.ts";

const script = fileURLToPath(new URL("pytorch.py", import.meta.url));

/** The systems of pytorch.py, and their arguments for it. */
export const pytorchModes: readonly {
  readonly name: string;
  readonly args: readonly string[];
  readonly cuda: boolean;
}[] = [
  { name: "PyTorch 1 thread", args: ["cpu", "1"], cuda: false },
  { name: "PyTorch all cores", args: ["cpu", "0"], cuda: false },
  { name: "PyTorch CUDA", args: ["cuda"], cuda: true },
  { name: "PyTorch CUDA compiled", args: ["cuda-compiled"], cuda: true },
  { name: "PyTorch CUDA graphs", args: ["cuda-graphs"], cuda: true },
];

/** The PyTorch systems available on this machine: none without a Python that has PyTorch. */
export function pytorchSystems(): System[] {
  const found = findPytorch();
  if (!found) return [];
  return pytorchModes
    .filter(({ cuda }) => found.cuda || !cuda)
    .map(({ name, args }) => ({ name, open: (shape: Shape) => openSession(found.python, args, shape) }));
}

/** The first Python that has PyTorch, and whether it has a GPU. */
function findPytorch(): { python: string; cuda: boolean } | undefined {
  const question = "import torch; print(torch.cuda.is_available())";
  for (const python of ["python3", "/usr/bin/python3", "python"]) {
    const { status, stdout } = spawnSync(python, ["-c", question], { encoding: "utf8" });
    if (status === 0) return { python, cuda: stdout.trim() === "True" };
  }
  return undefined;
}

async function openSession(python: string, args: readonly string[], shape: Shape): Promise<Session> {
  const child = spawn(python, [script, ...args]);
  // If a program has ended, its output explains why it cannot be written to, see below.
  child.stdin.on("error", () => {});
  const answers = linesOf(child);
  const ask = async (command: object) => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    return JSON.parse(await answers()) as unknown;
  };
  const { device } = JSON.parse(await answers()) as { device: string };
  const { batch, output, optimizer } = shape;
  await withProblemFiles(shape, (folder, sample) => {
    const { layers } = networkOf(shape);
    return ask({ folder, batch, batches: batchCount, sample, layers, output, optimizer });
  });
  return {
    device,
    maxSteps: Number.MAX_SAFE_INTEGER,
    run: async (steps) => (await ask({ steps })) as Block,
    count: async () => undefined,
    close: async () => {
      child.kill();
    },
  };
}

/** Returns the lines that a program prints, one per call; throws its error output when it ends. */
function linesOf(child: ChildProcessWithoutNullStreams): () => Promise<string> {
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`PyTorch stopped: ${complaint.trim()}`);
    return value;
  };
}

/**
 * Calls `use` with a folder that contains the problem's images and weights as raw numbers, and the size of a sample as PyTorch
 * has it, channels first.
 */
async function withProblemFiles(
  shape: Shape,
  use: (folder: string, sample: readonly number[]) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "unsnow-bench-"));
  try {
    const problem = await makeProblem(shape, digitFiles().images);
    const { noisy, clean, layers } = problem;
    writeFileSync(join(folder, "noisy"), noisy.pixels);
    writeFileSync(join(folder, "clean"), clean.pixels);
    const weights = layers.flatMap(({ weight, bias }) => [weight, bias]);
    writeFileSync(join(folder, "weights"), Buffer.concat(weights.map(({ buffer }) => Buffer.from(buffer))));
    const size = sampleSize(problem);
    await use(folder, size.length > 1 ? [1, ...size] : size);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
