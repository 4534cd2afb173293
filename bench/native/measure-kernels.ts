import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Device } from "../../src/device/device.ts";
import { type Family, families } from "../../src/kernels/family.ts";
import { isConvolutional } from "../../src/spec/network.ts";
import { digitFiles } from "../../vite/digits.ts";
import { type Effort, type Failure, fastestOf, measureShape, type Result } from "../measure.ts";
import { makeProblem } from "../problem.ts";
import { digits, markdownTable, timesTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import type { System } from "../system.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import { type Ceilings, measureCeilings, openMultiplyAdds } from "./ceilings.ts";
import { type ConvolutionFigures, convolutionFigures, convolutionTable } from "./conv-table.ts";
import { type KernelFigures, kernelFigures, kernelTable } from "./kernel-table.ts";

/** Measurement settings; see options.ts. */
interface Settings extends Effort {
  readonly shapes: readonly Shape[];
}

/** All that was measured on an adapter so far. */
export interface AdapterFigures {
  readonly adapter: string;
  readonly ceilings: Ceilings;
  readonly shapes: {
    readonly shape: string;
    /** A step with every family. */
    readonly families: readonly (Result | Failure)[];
    /** The fastest one, whose kernels these are. */
    readonly family?: Family;
    readonly kernels?: readonly KernelFigures[] | undefined;
  }[];
  /** The products of single convolutions, by family. */
  readonly convolutions: Partial<Record<Family, readonly ConvolutionFigures[]>>;
}

/**
 * Measures only unsnow, in Node: a step with every family of kernels, and each kernel against the adapter's ceilings. `keep` gets all
 * figures after each shape.
 */
export async function measureKernels(
  settings: Settings,
  print: (text: string) => void,
  say: (progress: string) => void,
  keep: (figures: AdapterFigures) => void = () => {},
): Promise<void> {
  const { gpu, remark } = await openNodeGpu();
  try {
    print([gpu.adapter.name, remark].filter(Boolean).join("\n"));
    const ceilings = await measureCeilings(gpu);
    const kept: AdapterFigures = { adapter: gpu.adapter.name, ceilings, shapes: [], convolutions: {} };
    keep(kept);
    print(`\n${ceilingsTable(ceilings)}`);
    for (const shape of settings.shapes) {
      const convolutional = isConvolutional(networkOf(shape));
      const systems = families.map((family) => familySystem(gpu, family));
      const measured = await measureShape(systems, shape, settings, say);
      const results = measured.filter((result) => "loss" in result);
      const failures = measured.filter((result) => "failure" in result);
      print(`\n${timesTable(shape, results, failures)}`);
      const family = families.find((family) => family === fastestOf(results)?.system);
      if (!family) {
        kept.shapes.push({ shape: shape.name, families: measured });
        keep(kept);
        continue;
      }
      const ceiling = convolutional
        ? { flops: ceilings.multiplyAddFlops, flopsName: "multiply-adds" }
        : { flops: ceilings.productFlops, flopsName: "product" };
      const kernels = await kernelFigures(gpu, shape, family);
      kept.shapes.push({ shape: shape.name, families: measured, family, kernels });
      keep(kept);
      print(`\n${kernelTable(kernels, { ...ceilings, ...ceiling })}`);
    }
    if (!settings.shapes.some((shape) => isConvolutional(networkOf(shape)))) return;
    const multiplyAdds = await openMultiplyAdds(gpu);
    for (const family of families) {
      say(`convolutions: ${family}`);
      const convolutions = await convolutionFigures(gpu, family, () => multiplyAdds.now());
      if (convolutions) kept.convolutions[family] = convolutions;
      keep(kept);
      print(`\n${family}\n\n${convolutionTable(convolutions, "multiply-adds")}`);
    }
    multiplyAdds.destroy();
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

function ceilingsTable({ copyBytes, productFlops, multiplyAddFlops }: Ceilings): string {
  return markdownTable([
    ["ceiling", "per second"],
    ["copy", `${digits(copyBytes / 1e9)} GB`],
    ["product", `${digits(productFlops / 1e9)} GFLOP`],
    ["multiply-add", `${digits(multiplyAddFlops / 1e9)} GFLOP`],
  ]);
}
