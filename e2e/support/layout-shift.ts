import type { Page } from "@playwright/test";

/** Counts how far the page's parts shift as it loads. To be called before the page is opened. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.sum += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** The sum of all shifts so far (web.dev/articles/cls), once the page shows its first images. */
export async function shiftsOf(page: Page): Promise<number> {
  // The noise over them clears away in less than a second.
  await page.locator(".snow").first().waitFor({ state: "attached" });
  return page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum);
}
