import type { Page } from "@playwright/test";

/** From now on a Worker for the filters begins only once the returned function is called. */
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
