import type { Figure, OpenPage } from "./lab.ts";
import { hardest, tasksWhile } from "./tasks.ts";

/** Seconds of training to measure. */
const seconds = 8;

/**
 * Trains with every view open, so that everything that depends on a run is drawn: measures frames per second and the
 * longest task.
 */
export async function whileTraining({ lab }: OpenPage): Promise<Figure[]> {
  const { page } = lab;
  await page.addInitScript(() => {
    const counts = { frames: 0 };
    Object.assign(globalThis, { counts });
    const count = () => {
      counts.frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  const frames = () =>
    page.evaluate(() => (globalThis as unknown as { counts: { frames: number } }).counts.frames);
  await lab.open("hidden=16&batch=256&epochs=900");
  await page.setViewportSize({ width: 1400, height: 3000 });
  await page.evaluate(() => {
    for (const closed of document.querySelectorAll<HTMLDetailsElement>("details:not([open])"))
      closed.open = true;
  });
  await lab.press("Train");
  await page.waitForFunction(() => document.querySelector("#epoch")?.textContent !== "0");
  const before = await frames();
  const tasks = await tasksWhile(page, () => page.waitForTimeout(1000 * seconds));
  const drawn = (await frames()) - before;
  return [
    { what: "frames a second while it trains", value: drawn / seconds, unit: "" },
    { what: "hardest task while it trains", value: hardest(tasks), unit: "ms" },
  ];
}
