import { facts, table } from "../../src/cli/text.ts";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { KernelTime } from "../../src/device/device.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { type Family, families } from "../../src/kernels/family.ts";
import { digitFiles } from "../../vite/digits.ts";
import { fastestOf, measureShape } from "../measure.ts";
import { makeProblem } from "../problem.ts";
import { digits, timesTable } from "../report.ts";
import type { Shape } from "../shapes.ts";
import type { System } from "../system.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import { type Ceilings, measureCeilings } from "./ceilings.ts";
import { type Work, workOf } from "./kernel-work.ts";

/** How to measure; see options.ts. */
interface Settings {
  readonly shapes: readonly Shape[];
  readonly rounds: number;
  readonly block: number;
}

/** Steps that are profiled: each launch is a pass with two timestamps then. */
const profiledSteps = 16;

/** unsnow alone, in Node: its step in every family of kernels, and each kernel against what the adapter can do. */
export async function measureKernels(
  settings: Settings,
  print: (text: string) => void,
  say: (progress: string) => void,
): Promise<void> {
  const { gpu, remark } = await openNodeGpu();
  try {
    print([gpu.adapter.name, remark].filter(Boolean).join("\n"));
    const ceilings = await measureCeilings(gpu);
    print(ceilingLines(ceilings));
    for (const shape of settings.shapes) {
      const systems = families.map((family) => familySystem(gpu, family));
      const measured = await measureShape(systems, shape, settings, say);
      const results = measured.filter((result) => "loss" in result);
      print(`\n${timesTable(shape, results)}`);
      const fastest = families.find((family) => family === fastestOf(results)?.system);
      if (fastest) print(`\n${await kernelTable(gpu, shape, fastest, ceilings)}`);
    }
  } finally {
    gpu.destroy();
  }
}

/** unsnow with one family of kernels. */
export function familySystem(gpu: Gpu, family: Family): System {
  return {
    name: family,
    async open(shape) {
      const training = unsnowTraining(gpu, await makeProblem(shape, digitFiles().images), { family });
      return {
        device: training.device,
        maxSteps: training.maxSteps,
        run: async (steps) => ({ milliseconds: await training.train(steps), loss: await training.loss() }),
        count: async () => undefined,
        close: async () => training.destroy(),
      };
    },
  };
}

/** Where a step's time goes, kernel by kernel, and how near each comes to the ceilings. */
async function kernelTable(gpu: Gpu, shape: Shape, family: Family, ceilings: Ceilings): Promise<string> {
  const times = await profile(gpu, shape, family);
  if (!times) return "The adapter has no timestamp queries, so kernels cannot be told apart.";
  const work = workOf(shape);
  const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = times.map(({ kernel, milliseconds }) => {
    const seconds = milliseconds / 1000;
    const { flops, bytes } = work[kernel.split(".")[0] ?? kernel] ?? unknownWork;
    return [
      kernel,
      digits(milliseconds),
      percent(milliseconds / total),
      digits(flops / seconds / 1e9),
      percent(flops / seconds / ceilings.productFlops),
      digits(bytes / seconds / 1e9),
      percent(bytes / seconds / ceilings.copyBytes),
    ];
  });
  const head = ["kernel", "ms a step", "share", "GFLOP/s", "of product", "GB/s at least", "of copy"];
  return `${table([head, ...rows])}\n${digits(total)} ms a step in all kernels`;
}

const unknownWork: Work = { flops: Number.NaN, bytes: Number.NaN };

/** GPU time of each kernel, a step; nothing where the adapter cannot tell it. */
async function profile(gpu: Gpu, shape: Shape, family: Family): Promise<KernelTime[] | undefined> {
  const profiler = gpu.createProfiler();
  if (!profiler) return undefined;
  const problem = await makeProblem(shape, digitFiles().images);
  const training = unsnowTraining(gpu, problem, { family, profiler });
  try {
    // Without the loss, for which there would be a validation too.
    await training.train(profiledSteps);
    return profiler.table().map((time) => ({ ...time, milliseconds: time.milliseconds / profiledSteps }));
  } finally {
    training.destroy();
    profiler.destroy();
  }
}

function ceilingLines({ copyBytes, productFlops, multiplyAddFlops }: Ceilings): string {
  return facts([
    ["copy", `${digits(copyBytes / 1e9)} GB/s`],
    ["product", `${digits(productFlops / 1e9)} GFLOP/s`],
    ["multiply-add", `${digits(multiplyAddFlops / 1e9)} GFLOP/s`],
  ]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
