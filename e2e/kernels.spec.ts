import { expect, type Page, test } from "@playwright/test";
import { tolerances } from "../test/training/tolerances.ts";
import type {} from "./harness/kernels.ts";

async function open(page: Page): Promise<void> {
  await page.goto("/e2e/harness/kernels.html");
  await page.waitForFunction(() => window.underTest !== undefined);
}

test("every kernel follows its float64 twin in the browser", async ({ page }) => {
  await open(page);
  const results = await page.evaluate(() => window.underTest.kernels());
  expect(results.length).toBeGreaterThan(100);
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});

test("training in the browser follows the CPU reference step by step", async ({ page }) => {
  await open(page);
  for (const { name, stepLoss, valLoss, weight } of await page.evaluate(() => window.underTest.runs())) {
    expect(stepLoss, name).toBeLessThan(tolerances.loss);
    expect(valLoss, name).toBeLessThan(tolerances.loss);
    expect(weight, name).toBeLessThan(tolerances.weight);
  }
});

test("the same seed gives the same bits twice in the browser", async ({ page }) => {
  await open(page);
  const [first, second] = await page.evaluate(() => window.underTest.twice());
  expect(first?.length).toBeGreaterThan(100);
  expect(first?.every(Number.isFinite)).toBe(true);
  expect(second).toEqual(first);
});
