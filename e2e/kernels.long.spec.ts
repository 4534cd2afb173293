// Every kernel case and every short training in the browser, whose WebGPU is a different build from Dawn in Node.
import { expect, test } from "@playwright/test";
import { tolerances } from "../test/training/tolerances.ts";
import type {} from "./harness/kernels.ts";

test("every kernel and every short training follows float64 in the browser", async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto("/e2e/harness/kernels.html");
  await page.waitForFunction(() => window.underTest !== undefined);
  const results = await page.evaluate(() => window.underTest.kernels("all"));
  expect(results.length).toBeGreaterThan(700);
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  const runs = await page.evaluate(() => window.underTest.runs(Number.POSITIVE_INFINITY));
  expect(runs.length).toBeGreaterThan(10);
  for (const { name, stepLoss, valLoss, weight } of runs) {
    expect(stepLoss, name).toBeLessThan(tolerances.loss);
    expect(valLoss, name).toBeLessThan(tolerances.loss);
    expect(weight, name).toBeLessThan(tolerances.weight);
  }
});
