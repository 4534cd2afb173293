import { facts } from "../../src/cli/text.ts";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Device } from "../../src/device/device.ts";
import { type Family, families } from "../../src/kernels/family.ts";
import { digitFiles } from "../../vite/digits.ts";
import { fastestOf, measureShape } from "../measure.ts";
import { makeProblem } from "../problem.ts";
import { digits, timesTable } from "../report.ts";
import type { Shape } from "../shapes.ts";
import type { System } from "../system.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import { type Ceilings, measureCeilings } from "./ceilings.ts";
import { kernelTable } from "./kernel-table.ts";

/** Measurement settings; see options.ts. */
interface Settings {
  readonly shapes: readonly Shape[];
  readonly rounds: number;
  readonly block: number;
}

/**
 * Measures only unsnow, in Node: a step with every family of kernels, and each kernel against the adapter's ceilings.
 */
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
      if (fastest)
        print(
          `\n${await kernelTable(gpu, shape, fastest, { ...ceilings, flops: ceilings.productFlops, flopsName: "product" })}`,
        );
    }
  } finally {
    gpu.destroy();
  }
}

/** unsnow with one family of kernels. */
export function familySystem(device: Device, family: Family, name: string = family): System {
  return {
    name,
    async open(shape) {
      const training = unsnowTraining(device, await makeProblem(shape, digitFiles().images), { family });
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

function ceilingLines({ copyBytes, productFlops, multiplyAddFlops }: Ceilings): string {
  return facts([
    ["copy", `${digits(copyBytes / 1e9)} GB/s`],
    ["product", `${digits(productFlops / 1e9)} GFLOP/s`],
    ["multiply-add", `${digits(multiplyAddFlops / 1e9)} GFLOP/s`],
  ]);
}
