import { expect, test } from "@playwright/test";

test("the browser under test has a WebGPU adapter", async ({ page }) => {
  await page.goto("/");
  const adapter = await page.evaluate(async () => {
    const found = await navigator.gpu.requestAdapter();
    return found && { vendor: found.info.vendor, workgroup: found.limits.maxComputeInvocationsPerWorkgroup };
  });
  test.info().annotations.push({ type: "adapter", description: JSON.stringify(adapter) });
  expect(adapter?.vendor).toBeTruthy();
  expect(adapter?.workgroup).toBeGreaterThanOrEqual(256);
});
