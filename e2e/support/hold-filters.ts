import type { Page } from "@playwright/test";

/** Delays Workers for the filters until the returned function is called. */
export async function holdFilters(page: Page): Promise<() => void> {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  await page.route(/filter-worker/, async (route) => {
    await begun;
    await route.continue();
  });
  return begin;
}
