import type { Device } from "../../src/device/device.ts";
import type { Family } from "../../src/kernels/family.ts";
import { layerMultiplyAdds } from "../../src/spec/layers.ts";
import { median } from "../measure.ts";
import { digits, markdownTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import { noTimestamps, openProfiledSteps, percent } from "./kernel-table.ts";

/** Channels before and behind the measured layer, and the size of its batch. */
const sizes = [
  { channels: 32, batch: 16 },
  { channels: 64, batch: 8 },
  { channels: 128, batch: 4 },
];

/** Rounds of a measurement of the ceiling and then so many steps. */
const [rounds, steps] = [7, 2];

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
  /** Of the ceiling of multiply-adds, which is measured in turn: the median of the rounds. */
  readonly share: number;
}

/**
 * The three products of one convolution with so many channels on both sides, on images of 64 x 64. `ceiling` measures the
 * floating-point operations of multiply-adds per second. Undefined if the adapter cannot measure launches.
 */
export async function convolutionFigures(
  device: Device,
  family: Family,
  ceiling: () => number | Promise<number>,
): Promise<ConvolutionFigures[] | undefined> {
  const figures: ConvolutionFigures[] = [];
  for (const { channels, batch } of sizes) {
    const shape: Shape = {
      ...{ name: `${channels} channels`, image: [64, 64], hidden: `conv:${channels}x2` },
      ...{ output: "residual", optimizer: "adam", batch, lossSteps: 1 },
    };
    const profiled = await openProfiledSteps(device, shape, family);
    if (!profiled) return undefined;
    const layer = networkOf(shape).layers[1];
    const operations = layer ? 2 * batch * layerMultiplyAdds(layer) : Number.NaN;
    const times = new Map(kernels.map((kernel) => [kernel, [] as number[]]));
    const shares = new Map(kernels.map((kernel) => [kernel, [] as number[]]));
    try {
      // The first steps compile the kernels.
      await profiled.train(steps);
      for (let round = 0; round < rounds; round++) {
        const flops = await ceiling();
        const launches = await profiled.train(steps);
        for (const kernel of kernels) {
          const own = launches.filter(({ label }) => label === kernel).map(({ duration }) => duration);
          times.get(kernel)?.push(...own);
          shares.get(kernel)?.push((1000 * operations) / median(own) / flops);
        }
      }
    } finally {
      profiled.destroy();
    }
    for (const kernel of kernels) {
      const milliseconds = median(times.get(kernel) ?? []);
      figures.push({
        ...{ kernel: kernel.replace("(1)", ""), channels, batch, milliseconds },
        flops: (1000 * operations) / milliseconds,
        share: median(shares.get(kernel) ?? []),
      });
    }
  }
  return figures;
}

/** These products against the ceiling of multiply-adds, with its name. */
export function convolutionTable(
  figures: readonly ConvolutionFigures[] | undefined,
  ceilingName: string,
): string {
  if (!figures) return noTimestamps;
  const rows = figures.map(({ kernel, channels, batch, milliseconds, flops, share }) => [
    `${kernel}, ${channels} channels, batch ${batch}`,
    digits(milliseconds),
    digits(flops / 1e9),
    percent(share),
  ]);
  const head = ["one layer, images of 64 x 64", "ms", "GFLOP/s", `of ${ceilingName}`];
  return markdownTable([head, ...rows]);
}
