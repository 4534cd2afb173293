import type { Device, KernelTime, Launch } from "../../src/device/device.ts";
import { KernelTimes } from "../../src/device/kernel-times.ts";
import type { Family } from "../../src/kernels/family.ts";
import { isConvolutional } from "../../src/spec/network.ts";
import { digitFiles } from "../../vite/digits.ts";
import { makeProblem } from "../problem.ts";
import { digits, markdownTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import { type Work, workOf } from "./kernel-work.ts";

/** The number of profiled steps. */
const profiledSteps = 16;

/** The same of convolutions, whose steps are long. */
const profiledConvSteps = 4;

/** The ceilings that kernels are compared with, per second. */
export interface KernelCeilings {
  readonly flops: number;
  /** The name of the operations, for the table's header. */
  readonly flopsName: string;
  /** Bytes of a copy, read and written. */
  readonly copyBytes: number;
}

/** A kernel in a training step: its time, and its work per second at that time. */
export interface KernelFigures {
  readonly kernel: string;
  /** Per step. */
  readonly milliseconds: number;
  /** Floating-point operations of its products per second; NaN if its work is not known. */
  readonly flops: number;
  /** Bytes per second that it must read and write at least. */
  readonly bytes: number;
}

/** The kernels of a step, the slowest first; undefined if the adapter cannot measure them. */
export async function kernelFigures(
  device: Device,
  shape: Shape,
  family: Family,
): Promise<KernelFigures[] | undefined> {
  const times = await profile(device, shape, family);
  const work = workOf(shape);
  return times?.map(({ kernel, milliseconds }) => {
    const { flops, bytes } = work[kernel.split(".")[0] ?? kernel] ?? unknownWork;
    const seconds = milliseconds / 1000;
    return { kernel, milliseconds, flops: flops / seconds, bytes: bytes / seconds };
  });
}

/** The time of a step by kernel, and the ratio of each kernel to the ceilings. */
export function kernelTable(kernels: readonly KernelFigures[] | undefined, ceilings: KernelCeilings): string {
  if (!kernels) return noTimestamps;
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = kernels.map(({ kernel, milliseconds, flops, bytes }) => [
    kernel,
    digits(milliseconds),
    percent(milliseconds / total),
    digits(flops / 1e9),
    percent(flops / ceilings.flops),
    digits(bytes / 1e9),
    percent(bytes / ceilings.copyBytes),
  ]);
  const head = [
    "kernel",
    "ms a step",
    "share",
    "GFLOP/s",
    `of ${ceilings.flopsName}`,
    "GB/s at least",
    "of copy",
  ];
  return `${markdownTable([head, ...rows])}\n\n${digits(total)} ms a step in all kernels`;
}

export const noTimestamps = "The adapter has no timestamp queries, so kernels cannot be told apart.";

const unknownWork: Work = { flops: Number.NaN, bytes: Number.NaN };

/** Time of each kernel per step; undefined if the adapter cannot measure it. */
async function profile(device: Device, shape: Shape, family: Family): Promise<KernelTime[] | undefined> {
  const steps = isConvolutional(networkOf(shape)) ? profiledConvSteps : profiledSteps;
  const profiled = await openProfiledSteps(device, shape, family);
  if (!profiled) return undefined;
  const times = new KernelTimes();
  try {
    times.add(await profiled.train(steps));
  } finally {
    profiled.destroy();
  }
  return times.table().map((time) => ({ ...time, milliseconds: time.milliseconds / steps }));
}

/** A training whose launches are measured. */
interface ProfiledSteps {
  /** Trains a number of steps, the same one each time, and returns their launches. */
  train(steps: number): Promise<readonly Launch[]>;
  destroy(): void;
}

/** A training of a shape; undefined if the adapter cannot measure launches. */
export async function openProfiledSteps(
  device: Device,
  shape: Shape,
  family: Family,
): Promise<ProfiledSteps | undefined> {
  let launches: Launch[] = [];
  const profiler = device.createProfiler((some) => launches.push(...some));
  if (!profiler) return undefined;
  const problem = await makeProblem(shape, digitFiles().images);
  const training = unsnowTraining(device, problem, { family, profiler });
  return {
    async train(steps) {
      launches = [];
      // Without the loss, which would require a validation.
      await training.train(steps);
      return launches;
    },
    destroy() {
      training.destroy();
      profiler.destroy();
    },
  };
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
