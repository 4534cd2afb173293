import { threadHost } from "#cpu-threads";
import { Cpu } from "../../src/cpu/cpu.ts";
import type { Device } from "../../src/device/device.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { trustOwnAddresses } from "../../src/lab/shared/own-addresses.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { casesOfCpu, casesOfGpu, kernelCases, onePerKernel } from "../../test/kernels/cases.ts";
import { runCases } from "../../test/kernels/run-cases.ts";
import { differencesFromReference } from "../../test/training/follows-reference.ts";
import { shortRun, shortRuns } from "../../test/training/run-fixture.ts";

// The page under test has the policy of the built page.
trustOwnAddresses();

/** The functions that the tests call in the page, for the tables of cases that Node also runs. */
const underTest = {
  /** [name, errors] of a case of each kernel, or of every case, on the GPU. */
  async kernels(selection: "one each" | "all"): Promise<[string, string[]][]> {
    const cases = selection === "all" ? kernelCases("all") : onePerKernel(kernelCases());
    return withGpu((gpu) => runCases(gpu, casesOfGpu(gpu, cases)));
  },

  /** The same for every case on the CPU, for each of these numbers of threads. */
  async cpuKernels(numbersOfThreads: readonly number[]): Promise<[string, string[]][]> {
    const cases = casesOfCpu(kernelCases("all"));
    const results: [string, string[]][] = [];
    for (const threads of numbersOfThreads) {
      const cpu = await Cpu.open(threadHost, { threads });
      results.push(...(await withDevice(cpu, () => runCases(cpu, cases))));
    }
    return results;
  },

  /** The differences of the first `count` short runs from the float64 runs. */
  async runs(count: number) {
    return withGpu(async (gpu) => {
      const results = [];
      for (const { name, spec, data } of shortRuns.slice(0, count)) {
        results.push({ name, ...(await differencesFromReference(gpu, spec, data)) });
      }
      return results;
    });
  },

  /** The final weights of one run, done twice. */
  async twice(): Promise<number[][]> {
    const [run] = shortRuns;
    if (!run) throw new Error("There is no run to repeat.");
    return withGpu(async (gpu) => {
      const results: number[][] = [];
      for (let time = 0; time < 2; time++) {
        const trainer = await trainOn(gpu, shortRun(run.spec), run.data);
        for await (const _ of trainer.epochs());
        const { layers } = await trainer.weights();
        results.push(layers.flatMap(({ weight, bias }) => [...weight, ...bias]));
        trainer.destroy();
      }
      return results;
    });
  },
};

async function withGpu<T>(work: (gpu: Device) => Promise<T>): Promise<T> {
  return withDevice(await Gpu.open(navigator.gpu), work);
}

async function withDevice<T>(device: Device, work: (device: Device) => Promise<T>): Promise<T> {
  try {
    return await work(device);
  } finally {
    device.destroy();
  }
}

declare global {
  interface Window {
    underTest: typeof underTest;
  }
}
window.underTest = underTest;
