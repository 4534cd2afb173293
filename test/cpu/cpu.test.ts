import { afterAll, describe, expect, test } from "vitest";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { inOneFamily, kernelCases } from "../kernels/cases.ts";
import { runCases } from "../kernels/run-cases.ts";

const cases = inOneFamily(kernelCases("all"));
const kernels = [...new Set(cases.map(({ kernel }) => kernel.name))];

describe.each([1, 2, 3, 8])("every kernel follows its float64 twin on %i threads", async (threads) => {
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
