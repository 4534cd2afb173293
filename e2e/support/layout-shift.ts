import type { Page } from "@playwright/test";

/** Measures the layout shifts of the page while it loads. Call it before the page is opened. */
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
  // The noise overlay disappears in less than a second.
  await page.locator(".snow").first().waitFor({ state: "attached" });
  return page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum);
}
