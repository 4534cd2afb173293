import type { Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";

/** The longest that the page may keep a person waiting (web.dev/articles/rail). */
const longest = 50;

/** What a trace tells of a task (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds that it took, and those of them that its thread had a processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

interface Task {
  /** Milliseconds by the clock, and of a processor. */
  readonly duration: number;
  readonly worked: number;
}

/** The tasks of the page's main thread while `during` is awaited. */
async function tasksWhile(page: Page, during: () => Promise<unknown>): Promise<Task[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("Only a browser of one's own can be traced.");
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await during();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const mainThreads = traceEvents
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid} ${tid}`);
  return traceEvents
    .filter(({ name, pid, tid }) => name === "RunTask" && mainThreads.includes(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = 0 }) => ({ duration: dur / 1000, worked: tdur / 1000 }));
}

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
  expect(tasks.filter(({ worked }) => worked > longest)).toEqual([]);
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
  expect(tasks.some(({ worked }) => worked > longest)).toBe(true);
});

/** Steps that the run has done. */
async function stepsDone(lab: Lab): Promise<number> {
  return 40 * (await lab.figure("epoch")) + (await lab.figure("step"));
}

test("a run goes on while another tab hides the page", async ({ lab }) => {
  const { page } = lab;
  // A headless browser hides no tab, so what hiding does to a page is done here: no frames, and timers once a second.
  await page.addInitScript(() => {
    let hidden = false;
    const { requestAnimationFrame: frame, setTimeout: timer } = window;
    const slow = (task: TimerHandler, delay = 0, ...rest: unknown[]) =>
      timer(task, hidden ? Math.max(delay, 1000) : delay, ...rest);
    const hide = () => {
      hidden = true;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    Object.assign(window, {
      requestAnimationFrame: (draw: FrameRequestCallback) => (hidden ? 0 : frame(draw)),
      setTimeout: slow,
      hide,
    });
    Object.defineProperty(document, "hidden", { get: () => hidden });
    Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
  });
  await lab.open();
  await lab.setQuickRun(900);
  await lab.press("Train");
  await expect(page.locator("#epoch")).not.toHaveText("0", { timeout: 60_000 });
  await page.evaluate(() => (globalThis as unknown as { hide: () => void }).hide());
  const epoch = await epochTold(page);
  await expect.poll(() => epochTold(page), { timeout: 60_000 }).toBeGreaterThan(epoch + 1);
});

/** The epoch that the page shows, read without waiting for a frame. */
function epochTold(page: Page): Promise<number> {
  return page.evaluate(() => Number(document.getElementById("epoch")?.textContent));
}
