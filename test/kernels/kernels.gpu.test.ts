import { beforeAll, describe, expect, test } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { kernelCases } from "./cases.ts";
import { runCases } from "./run-cases.ts";

describe("every kernel follows its float64 reference in Node", () => {
  const gpu = useGpu();
  const cases = kernelCases();
  const kernels = [...new Set(cases.map(({ kernel }) => kernel.name))];

  // Concurrent runs take half as long. A kernel that does not compile fails its own test. All kernels run in one hook, whose
  // timeout is that of many tests.
  beforeAll(async () => {
    await Promise.allSettled(cases.map(({ kernel, constants }) => gpu().pipeline(kernel, constants)));
  }, 600_000);

  test.for(kernels)("%s", async (name, { skip }) => {
    skip(name.endsWith(".subgroup") && !gpu().subgroups, `${gpu().adapter.name} has no subgroups.`);
    const results = await runCases(
      gpu(),
      cases.filter(({ kernel }) => kernel.name === name),
    );
    expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  });
});
