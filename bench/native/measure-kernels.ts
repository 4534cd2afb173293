import { facts } from "../../src/cli/text.ts";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Device } from "../../src/device/device.ts";
import { type Family, families } from "../../src/kernels/family.ts";
import { isConvolutional } from "../../src/spec/network.ts";
import { digitFiles } from "../../vite/digits.ts";
import { type Effort, fastestOf, measureShape } from "../measure.ts";
import { makeProblem } from "../problem.ts";
import { digits, timesTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import type { System } from "../system.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import { type Ceilings, measureCeilings } from "./ceilings.ts";
import { convolutionTable } from "./conv-table.ts";
import { kernelTable } from "./kernel-table.ts";

/** Measurement settings; see options.ts. */
interface Settings extends Effort {
  readonly shapes: readonly Shape[];
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
      const convolutional = isConvolutional(networkOf(shape));
      const systems = families.map((family) => familySystem(gpu, family));
      const measured = await measureShape(systems, shape, settings, say);
      const results = measured.filter((result) => "loss" in result);
      const failures = measured.filter((result) => "failure" in result);
      print(`\n${timesTable(shape, results, failures)}`);
      const family = families.find((family) => family === fastestOf(results)?.system);
      if (!family) continue;
      const ceiling = convolutional
        ? { flops: ceilings.multiplyAddFlops, flopsName: "multiply-adds" }
        : { flops: ceilings.productFlops, flopsName: "product" };
      print(`\n${await kernelTable(gpu, shape, family, { ...ceilings, ...ceiling })}`);
    }
    if (!settings.shapes.some((shape) => isConvolutional(networkOf(shape)))) return;
    const ceiling = { flops: ceilings.multiplyAddFlops, flopsName: "multiply-adds" };
    for (const family of families) {
      print(`\n${family}\n\n${await convolutionTable(gpu, family, ceiling)}`);
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
