import { shiftsOf, watchShifts } from "./support/layout-shift.ts";
import { expect, test } from "./support/page.ts";

test.use({ engine: "gpu" });

test("the page has no layout shifts as it opens, trains on the browser's adapter, shows the GPU time of every kernel, and refuses a network too large for it", async ({
  lab,
}) => {
  const { page } = lab;
  await watchShifts(page);
  await page.goto("/?backend=gpu&profile#hidden=8&batch=32");
  await lab.ready();
  expect(await shiftsOf(page)).toBeLessThan(0.1);
  const adapter = await page.evaluate(async () => {
    const found = await navigator.gpu.requestAdapter();
    return (
      found && {
        vendor: found.info.vendor,
        workgroup: found.limits.maxComputeInvocationsPerWorkgroup,
        timed: found.features.has("timestamp-query"),
      }
    );
  });
  test.info().annotations.push({ type: "adapter", description: JSON.stringify(adapter) });
  expect(adapter?.vendor).toBeTruthy();
  expect(adapter?.workgroup).toBeGreaterThanOrEqual(256);

  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await test.step("each launch is on a track", async () => {
    if (!adapter?.timed) {
      await expect(page.getByText("has no timestamp queries")).toBeVisible();
      return;
    }
    await expect(page.getByRole("rowheader", { name: "dense_forward" })).toBeVisible();
    const launches = await page.evaluate(() =>
      performance.getEntriesByType("measure").map((entry) => ({
        name: entry.name,
        inTime: entry.startTime >= 0 && entry.startTime + entry.duration <= performance.now(),
        track: (entry as PerformanceMeasure).detail?.devtools?.track,
      })),
    );
    expect(launches.map(({ name }) => name)).toContain("dense_forward(0)");
    expect(launches.every(({ inTime, track }) => inTime && track === "GPU")).toBe(true);
  });

  await test.step("a network too large for the adapter is refused in one sentence, and the run stays", async () => {
    await lab.set("Hidden layers", "65536, 65536");
    await lab.press("Reset");
    await expect(page.getByText(/needs \d+ MB, but the adapter .* allows \d+ MB per buffer/)).toBeVisible();
    expect(await lab.figure("step")).toBe(1);
  });
});
