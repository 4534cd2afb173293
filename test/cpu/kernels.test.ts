import { afterAll, describe, expect, test } from "vitest";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { casesOfCpu, kernelCases } from "../kernels/cases.ts";
import { runCases } from "../kernels/run-cases.ts";

const cases = casesOfCpu(kernelCases());
const kernels = [...new Set(cases.map(({ kernel }) => kernel.name))];

describe.each([1, 2, 3, 8])("every kernel follows its float64 reference on %i threads", async (threads) => {
  const cpu = await Cpu.open(threadHost, { threads });
  afterAll(() => cpu.destroy());

  test.each(kernels)("%s", async (name) => {
    const results = await runCases(
      cpu,
      cases.filter(({ kernel }) => kernel.name === name),
    );
    expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  });
});

// Addresses of the upper 2 GiB are negative as i32.
test("every kernel follows its float64 reference in the last 16 MiB of the addresses", async () => {
  const cpu = await Cpu.open(threadHost, { threads: 1 });
  for (const bytes of [2 ** 31, 2 ** 31 - 2 ** 24]) cpu.createBuffer("never touched", bytes);
  const results = await runCases(cpu, cases);
  cpu.destroy();
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});
