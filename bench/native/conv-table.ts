import type { Device } from "../../src/device/device.ts";
import type { Family } from "../../src/kernels/family.ts";
import { layerMultiplyAdds } from "../../src/spec/layers.ts";
import { median } from "../measure.ts";
import { digits, markdownTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import { type KernelCeilings, noTimestamps, percent, profileLaunches } from "./kernel-table.ts";

/** Channels before and behind the measured layer, and the size of its batch. */
const sizes = [
  { channels: 32, batch: 16 },
  { channels: 64, batch: 8 },
];

/** The number of measured steps, after a first one. */
const steps = 8;

/** The launches of the second layer, which has as many channels before as behind it. */
const kernels = ["conv_forward(1)", "conv_backward(1)", "conv_gradient(1)"];

/** One of the three products of a convolution. */
export interface ConvolutionFigures {
  readonly kernel: string;
  readonly channels: number;
  readonly batch: number;
  /** The median of the launches. */
  readonly milliseconds: number;
  /** Floating-point operations per second. */
  readonly flops: number;
}

/**
 * The three products of one convolution with so many channels on both sides, on images of 64 x 64: medians of the launches. Undefined if
 * the adapter cannot measure them.
 */
export async function convolutionFigures(
  device: Device,
  family: Family,
): Promise<ConvolutionFigures[] | undefined> {
  const figures: ConvolutionFigures[] = [];
  for (const { channels, batch } of sizes) {
    const shape: Shape = {
      ...{ name: `${channels} channels`, image: [64, 64], hidden: `conv:${channels}x2` },
      ...{ output: "residual", optimizer: "adam", batch, lossSteps: 1 },
    };
    const launches = await profileLaunches(device, shape, family, 1 + steps);
    if (!launches) return undefined;
    const layer = networkOf(shape).layers[1];
    const flops = layer ? 2 * batch * layerMultiplyAdds(layer) : Number.NaN;
    for (const kernel of kernels) {
      const times = launches.filter(({ label }) => label === kernel).map(({ duration }) => duration);
      const milliseconds = median(times.slice(1));
      figures.push({
        ...{ kernel: kernel.replace("(1)", ""), channels, batch, milliseconds },
        flops: flops / (milliseconds / 1000),
      });
    }
  }
  return figures;
}

/** These products against the ceiling of multiply-adds. */
export function convolutionTable(
  figures: readonly ConvolutionFigures[] | undefined,
  { flops: ceiling, flopsName }: Pick<KernelCeilings, "flops" | "flopsName">,
): string {
  if (!figures) return noTimestamps;
  const rows = figures.map(({ kernel, channels, batch, milliseconds, flops }) => [
    `${kernel}, ${channels} channels, batch ${batch}`,
    digits(milliseconds),
    digits(flops / 1e9),
    percent(flops / ceiling),
  ]);
  const head = ["one layer, images of 64 x 64", "ms", "GFLOP/s", `of ${flopsName}`];
  return markdownTable([head, ...rows]);
}
