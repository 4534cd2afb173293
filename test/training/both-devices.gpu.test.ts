import { describe, expect, test } from "vitest";
import type { Device } from "../../src/device/device.ts";
import type { Model } from "../../src/spec/network.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochReport } from "../../src/training/history.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { useCpu } from "../support/open-cpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { blobData, shortRun, shortRuns } from "./run-fixture.ts";
import { tolerances } from "./tolerances.ts";

const allOf = async (trainer: Trainer) => {
  const reports: EpochReport[] = [];
  for await (const report of trainer.epochs()) reports.push(report);
  return reports;
};

const parametersOf = ({ layers }: Pick<Model, "layers">) =>
  layers.flatMap(({ weight, bias }) => [...weight, ...bias]);

/** The largest difference of two lists of equal length. */
function furthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  return Array.from(got).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
}

/**
 * For a mean PSNR. The output of a residual network contains the noise itself, for which WGSL allows an error of 2^-11 per
 * value. For a squared error around 1e-2 that is a relative error of about 1e-4, or 4.3e-4 dB.
 */
const decibels = 1e-3;

describe("training on the CPU and on the GPU", () => {
  const [cpu, gpu] = [useCpu(), useGpu()];

  test.each(shortRuns)("gives the same results: $name", async ({ spec, data }) => {
    const [onCpu, onGpu] = [await trainOn(cpu(), spec, data), await trainOn(gpu(), spec, data)];
    expect(onCpu.network).toEqual(onGpu.network);
    expect(onCpu.progress).toEqual(onGpu.progress);
    expect(parametersOf(await onCpu.weights())).toEqual(parametersOf(await onGpu.weights()));
    const [got, want] = [await allOf(onCpu), await allOf(onGpu)];
    expect(got.length).toBe(want.length);
    got.forEach(({ record, stepLosses }, epoch) => {
      const other = want[epoch];
      if (!other) throw new Error("The GPU did fewer epochs.");
      expect(record.epoch).toBe(other.record.epoch);
      expect(furthest(stepLosses, other.stepLosses)).toBeLessThan(tolerances.loss);
      expect(Math.abs(record.loss - other.record.loss)).toBeLessThan(tolerances.loss);
      expect(Math.abs(record.valLoss - other.record.valLoss)).toBeLessThan(tolerances.loss);
      expect(Math.abs(record.valPsnr - other.record.valPsnr)).toBeLessThan(decibels);
    });
    expect(onCpu.progress).toEqual(onGpu.progress);
    const weights = [parametersOf(await onCpu.weights()), parametersOf(await onGpu.weights())] as const;
    expect(furthest(...weights)).toBeLessThan(tolerances.weight);
    const [seen, shown] = [await onCpu.preview([2, 0]), await onGpu.preview([2, 0])];
    expect(furthest(seen.clean, shown.clean)).toBeLessThan(2 ** -24);
    // WGSL allows an error of 2^-11 for the noise's sin, cos and log.
    expect(furthest(seen.noisy, shown.noisy)).toBeLessThan(1e-3);
    expect(furthest(seen.denoised, shown.denoised)).toBeLessThan(1e-3);
    onCpu.destroy();
    onGpu.destroy();
  });

  test.each([
    ["the CPU", "the GPU", () => [cpu(), gpu()] as const],
    ["the GPU", "the CPU", () => [gpu(), cpu()] as const],
  ])("a state of %s can be continued on %s", async (_from, _to, devices) => {
    const [from, to]: readonly [Device, Device] = devices();
    const [spec, images] = [shortRun({ hidden: [9], epochs: 2 }), blobData(37, 11, 6, 5)];
    const first = await trainOn(from, spec, images);
    await first.step();
    const second = await trainOn(to, spec, images, { state: await first.state() });
    const [got, want] = [await allOf(second), await allOf(first)];
    expect(got.length).toBe(2);
    got.forEach(({ record }, epoch) => {
      expect(Math.abs(record.loss - (want[epoch]?.record.loss ?? Number.NaN))).toBeLessThan(tolerances.loss);
    });
    first.destroy();
    second.destroy();
  });
});
