import { beforeAll, describe, expect, test } from "vitest";
import type { ThreadHost } from "../../src/cpu/commands.ts";
import { Cpu, type CpuOptions } from "../../src/cpu/cpu.ts";
import type { KernelBuild } from "../../src/cpu/load-kernels.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import type { Picture } from "../../src/data/picture.ts";
import type { PictureSet } from "../../src/data/picture-set.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { isConvolutional } from "../../src/spec/network.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochReport } from "../../src/training/history.ts";
import type { RunData } from "../../src/training/run-data.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { madePicture } from "../network/picture-fixture.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";

/** Pictures in colour, of two sizes. */
function colours(name: string): PictureSet {
  const numbers = new MadeNumbers(name);
  const picture = (rows: number, columns: number) => {
    const pixels = Uint8Array.from({ length: rows * columns * 3 }, () => numbers.next(0, 255));
    return { name, rows, columns, channels: 3, pixels };
  };
  return { name, channels: 3, pictures: [picture(19, 23), picture(31, 12)] };
}

/** Runs whose sizes are not multiples of tiles or threads, so that some threads get more jobs than others, and the last one a short job. */
const runs: readonly { name: string; spec: TrainingSpec; data: RunData }[] = [
  {
    name: "images",
    spec: shortRun({ hidden: [70, 33, 50], batch: 67, shift: 1, noise: parseNoise("blur:0.6+gaussian:0.3") }),
    data: blobData(150, 80, 11, 13),
  },
  {
    name: "patches in colour",
    spec: shortRun({
      ...{ hidden: [40], batch: 35, output: "residual", loss: "mse", optimizer: defaultAdam },
      patches: { side: 7, count: 90, validation: 37, flips: true },
      noise: parseNoise("poisson:40+speckle:0.1"),
    }),
    data: { train: colours("train"), validation: colours("validation") },
  },
  {
    name: "convolutions",
    spec: shortRun({ hidden: "conv:6/2,up:5", batch: 13, epochs: 3, noise: parseNoise("gaussian:0.3") }),
    data: blobData(60, 20, 10, 14),
  },
];

const withoutSeconds = (reports: readonly EpochReport[]) =>
  reports.map(({ record: { seconds: _, ...record }, stepLosses }) => ({ record, stepLosses }));

/** All results of a run on a device, and a picture that its network denoises. */
async function numbersOf(device: Cpu, { spec, data }: (typeof runs)[number]) {
  const trainer = await trainOn(device, spec, data);
  const reports: EpochReport[] = [];
  for await (const report of trainer.epochs()) reports.push(report);
  const [model, preview] = [await trainer.weights(), await trainer.preview([5, 0])];
  trainer.destroy();
  const windows = isConvolutional(model.network) ? {} : { stride: 3, batch: 45 };
  const denoiser = await PictureDenoiser.create(device, model, { ...windows, bandBytes: 9000 });
  const picture: Picture = await denoiser.denoisePicture(madePicture(41, 37, 3));
  denoiser.destroy();
  return { reports: withoutSeconds(reports), layers: model.layers, preview, picture };
}

/** The same run, stopped after every submit and continued from its state by another trainer. */
async function resumedNumbers(device: Cpu, { spec, data }: (typeof runs)[number]) {
  const reports: EpochReport[] = [];
  let trainer = await trainOn(device, spec, data);
  while (trainer.progress.epoch < spec.epochs) {
    const pause = new AbortController();
    for await (const report of trainer.epochs(pause.signal, () => pause.abort())) reports.push(report);
    const state = await trainer.state();
    trainer.destroy();
    trainer = await trainOn(device, spec, data, { state });
  }
  const { layers } = await trainer.weights();
  trainer.destroy();
  return { reports: withoutSeconds(reports), layers };
}

const alone: ThreadHost = { ...threadHost, start: threadHost.start, sharesMemory: false };

/** Expects that a build of the kernels gives the same bits on any number of threads. */
export const describeSameBits = (build: KernelBuild) =>
  describe(`with ${build}, the bits are the same`, () => {
    const expected: Awaited<ReturnType<typeof numbersOf>>[] = [];

    const withCpu = async (host: ThreadHost, options: CpuOptions, work: (cpu: Cpu) => Promise<void>) => {
      const cpu = await Cpu.open(host, { build, ...options });
      try {
        await work(cpu);
        cpu.assertAlive();
      } finally {
        cpu.destroy();
      }
    };

    beforeAll(async () => {
      await withCpu(threadHost, { threads: 1 }, async (cpu) => {
        for (const run of runs) expected.push(await numbersOf(cpu, run));
      });
    });

    test("as those of a run that learned, for different runs", () => {
      const [one, other] = expected;
      for (const numbers of expected) {
        const [first, last] = [numbers.reports[0], numbers.reports.at(-1)];
        expect(last?.record.valLoss).toBeLessThan(first?.record.valLoss ?? 0);
      }
      expect(one?.picture.values).not.toEqual(other?.picture.values);
    });

    test.each([2, 3, 8])("on %i threads", async (threads) => {
      await withCpu(threadHost, { threads }, async (cpu) => {
        expect(cpu.threads).toBe(threads);
        for (const [index, run] of runs.entries()) expect(await numbersOf(cpu, run)).toEqual(expected[index]);
      });
    });

    test("on one thread with its own memory, if threads cannot share memory", async () => {
      await withCpu(alone, { threads: 4 }, async (cpu) => {
        expect(cpu.threads).toBe(1);
        for (const [index, run] of runs.entries()) expect(await numbersOf(cpu, run)).toEqual(expected[index]);
      });
    });

    test.each([1, 2, 3, 8])("paused and resumed after every submit, on %i threads", async (threads) => {
      await withCpu(threadHost, { threads }, async (cpu) => {
        for (const [index, run] of runs.entries()) {
          const { reports, layers } = await resumedNumbers(cpu, run);
          expect(reports).toEqual(expected[index]?.reports);
          expect(layers).toEqual(expected[index]?.layers);
        }
      });
    });
  });
