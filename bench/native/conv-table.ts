import type { Device } from "../../src/device/device.ts";
import type { Family } from "../../src/kernels/family.ts";
import { layerMultiplyAdds } from "../../src/spec/layers.ts";
import { median } from "../measure.ts";
import { digits, markdownTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import { type KernelCeilings, percent, profileLaunches } from "./kernel-table.ts";

/** Channels before and behind the measured layer, and the size of its batch. */
const sizes = [
  { channels: 32, batch: 16 },
  { channels: 64, batch: 8 },
];

/** The number of measured steps, after a first one. */
const steps = 8;

/** The launches of the second layer, which has as many channels before as behind it. */
const kernels = ["conv_forward(1)", "conv_backward(1)", "conv_gradient(1)"];

/**
 * The three products of one convolution with so many channels on both sides, on images of 64 x 64, against the ceiling of
 * multiply-adds: medians of the launches.
 */
export async function convolutionTable(
  device: Device,
  family: Family,
  { flops: ceiling, flopsName }: Pick<KernelCeilings, "flops" | "flopsName">,
): Promise<string> {
  const rows: string[][] = [];
  for (const { channels, batch } of sizes) {
    const shape: Shape = {
      ...{ name: `${channels} channels`, image: [64, 64], hidden: `conv:${channels}x2` },
      ...{ output: "residual", optimizer: "adam", batch, lossSteps: 1 },
    };
    const launches = await profileLaunches(device, shape, family, 1 + steps);
    if (!launches) return "The adapter has no timestamp queries, so kernels cannot be told apart.";
    const layer = networkOf(shape).layers[1];
    const flops = layer ? 2 * batch * layerMultiplyAdds(layer) : Number.NaN;
    for (const kernel of kernels) {
      const times = launches.filter(({ label }) => label === kernel).map(({ duration }) => duration);
      const milliseconds = median(times.slice(1));
      const rate = flops / (milliseconds / 1000);
      rows.push([
        `${kernel.replace("(1)", "")}, ${channels} channels, batch ${batch}`,
        digits(milliseconds),
        digits(rate / 1e9),
        percent(rate / ceiling),
      ]);
    }
  }
  const head = ["one layer, images of 64 x 64", "ms", "GFLOP/s", `of ${flopsName}`];
  return markdownTable([head, ...rows]);
}
