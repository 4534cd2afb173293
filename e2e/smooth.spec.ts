import type { Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";
import { longestTask, tasksWhile } from "./support/tasks.ts";

/** Opens all views, so that everything that follows a run is drawn. */
async function showEverything(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1400, height: 3000 });
  await page.evaluate(() => {
    for (const closed of document.querySelectorAll<HTMLDetailsElement>("details:not([open])"))
      closed.open = true;
  });
}

test("while it trains, no task of the page works longer than 50 ms, and frame after frame is drawn", async ({
  lab,
}) => {
  const { page } = lab;
  await page.addInitScript(() => {
    const counts = { frames: 0, longTasks: 0 };
    Object.assign(globalThis, { counts });
    new PerformanceObserver((list) => {
      counts.longTasks += list.getEntries().length;
    }).observe({ type: "longtask" });
    const count = () => {
      counts.frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  const counts = () =>
    page.evaluate(() => ({
      ...(globalThis as unknown as { counts: { frames: number; longTasks: number } }).counts,
    }));
  await lab.open();
  await lab.setQuickRun(900);
  await showEverything(page);
  await lab.press("Train");
  await expect(page.locator("#epoch")).not.toHaveText("0", { timeout: 60_000 });

  const seconds = 8;
  const before = { ...(await counts()), step: await stepsDone(lab) };
  const tasks = await tasksWhile(page, () => page.waitForTimeout(seconds * 1000));
  const after = { ...(await counts()), step: await stepsDone(lab) };
  const frames = after.frames - before.frames;
  const longTasks = after.longTasks - before.longTasks;
  const most = Math.max(...tasks.map(({ worked }) => worked));
  console.log(
    `${frames} frames in ${seconds} s, the hardest of ${tasks.length} tasks ${most.toFixed(0)} ms of work, ${longTasks} longer than 50 ms by the clock.`,
  );
  expect(after.step).toBeGreaterThan(before.step);
  expect(frames).toBeGreaterThan(5 * seconds);
  // A software GPU computes on the cores that the page runs on. A task that waits for one is long by the clock although it does
  // little, so the work done in it is what counts. With a GPU the clock counts, too.
  expect(tasks.filter(({ worked }) => worked > longestTask)).toEqual([]);
  if (process.env.UNSNOW_GPU === "native") expect(longTasks).toBe(0);
});

test("a task that works too long would be seen", async ({ page }) => {
  const tasks = await tasksWhile(page, () =>
    page.evaluate(() => {
      let sum = 0;
      for (let count = 0; count < 300_000_000; count += 1) sum += count % 7;
      return sum;
    }),
  );
  expect(tasks.some(({ worked }) => worked > longestTask)).toBe(true);
});

/** Steps that the run has done. */
async function stepsDone(lab: Lab): Promise<number> {
  return 40 * (await lab.figure("epoch")) + (await lab.figure("step"));
}
