import { describe, expect, test } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { kernelCases } from "./cases.ts";
import { runCase } from "./kernel-case.ts";

describe("every kernel follows its float64 twin in Node", () => {
  const gpu = useGpu();

  test.each(kernelCases().map((kernelCase) => [kernelCase.name, kernelCase] as const))(
    "%s",
    async (_name, kernelCase) => {
      expect(await runCase(gpu(), kernelCase)).toEqual([]);
    },
  );
});
