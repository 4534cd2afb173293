import { expect, type Page, test } from "@playwright/test";
import { tolerances } from "../test/training/tolerances.ts";
import type {} from "./harness/kernels.ts";

/**
 * One page for all tests: Node runs every case, and `kernels.long.spec.ts` runs every case of the GPU in the browser.
 */
let page: Page;
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  await page.goto("/e2e/harness/kernels.html");
  await page.waitForFunction(() => window.underTest !== undefined);
});
test.afterAll(() => page.close());

test("a case of each kernel follows its float64 reference in the browser", async () => {
  const results = await page.evaluate(() => window.underTest.kernels("one each"));
  expect(results.length).toBeGreaterThan(20);
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});

test("every case of each kernel follows its float64 reference in the browser on one thread of the CPU and on two", async () => {
  const results = await page.evaluate(() => window.underTest.cpuKernels([1, 2]));
  expect(results.length).toBeGreaterThan(700);
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});

test("training in the browser follows the float64 reference step by step", async () => {
  const runs = await page.evaluate(() => window.underTest.runs(1));
  expect(runs).toHaveLength(1);
  for (const { name, stepLoss, valLoss, weight } of runs) {
    expect(stepLoss, name).toBeLessThan(tolerances.loss);
    expect(valLoss, name).toBeLessThan(tolerances.loss);
    expect(weight, name).toBeLessThan(tolerances.weight);
  }
});

test("the same seed gives the same bits twice in the browser", async () => {
  const [first, second] = await page.evaluate(() => window.underTest.twice());
  expect(first?.length).toBeGreaterThan(100);
  expect(first?.every(Number.isFinite)).toBe(true);
  expect(second).toEqual(first);
});
