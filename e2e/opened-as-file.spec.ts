import { expect, test } from "@playwright/test";

const notice = ".opened-as-file";

test("the built page opened as a file says how to serve it", async ({ page }) => {
  await page.goto(new URL("../dist/e2e/index.html", import.meta.url).href);
  await expect(page.locator(notice)).toBeVisible();
  await expect(page.locator("body")).toHaveText(
    /^\s*unsnow does not run here, because its files were not loaded\.[^<]* run npx vite preview [^<]* run python3 -m http\.server and open http:\/\/localhost:8000\.\s*$/,
  );
  await expect(page.locator("#app")).toBeEmpty();
});

test("the served page never shows that: it is hidden before the first paint, also without scripts", async ({
  page,
}) => {
  await page.goto("/?backend=cpu");
  await expect(page.locator("#app")).not.toBeEmpty();
  const paints = () =>
    page.evaluate(() => performance.getEntriesByType("paint").map(({ startTime }) => startTime));
  await expect.poll(async () => (await paints()).length).toBeGreaterThan(0);
  const styled = await page.evaluate(() => {
    const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return Math.max(
      ...resources.filter(({ name }) => name.endsWith(".css")).map(({ responseEnd }) => responseEnd),
    );
  });
  expect(Math.min(...(await paints()))).toBeGreaterThan(styled);
  await expect(page.locator(notice)).toBeHidden();

  await page.route(/\.js(\?|$)/, (route) => route.abort());
  await page.reload();
  await expect(page.locator("#app")).toBeEmpty();
  await expect(page.locator(notice)).toBeHidden();
});
