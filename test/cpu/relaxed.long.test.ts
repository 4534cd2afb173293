// The kernels with relaxed SIMD, which Node 20 has only with a flag for the whole process.
import { setFlagsFromString } from "node:v8";
import { afterAll, describe, expect, test } from "vitest";
import { Cpu } from "../../src/cpu/cpu.ts";
import { bestBuild } from "../../src/cpu/load-kernels.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { casesOfCpu, kernelCases } from "../kernels/cases.ts";
import { runCases } from "../kernels/run-cases.ts";
import { describeSameBits } from "./same-bits-suite.ts";

setFlagsFromString("--experimental-wasm-relaxed-simd");

const cases = casesOfCpu(kernelCases("all"));

test("relaxed SIMD is used if the engine has it", async () => {
  expect(await bestBuild()).toBe("relaxed");
});

describe.each([1, 3])("on %i threads", async (threads) => {
  const cpu = await Cpu.open(threadHost, { threads, build: "relaxed" });
  afterAll(() => cpu.destroy());

  test("every kernel follows its float64 reference in all variants", async () => {
    const results = await runCases(cpu, cases);
    expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  });
});

describeSameBits("relaxed");
