import type { Page } from "@playwright/test";
import { expect, test } from "./support/page.ts";

/** Pictures of the page, for a person to look at, go to test-results/. */
const sizes = [
  { device: "desktop", width: 1280, height: 900 },
  { device: "phone", width: 390, height: 844 },
];

for (const { device, width, height } of sizes) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`the page on a ${device}, ${colorScheme}`, async ({ lab }) => {
      await lab.page.setViewportSize({ width, height });
      await lab.page.emulateMedia({ colorScheme });
      await lab.open();
      if (device === "phone") await openSettings(lab.page);
      await lab.setQuickRun(2);
      if (device === "phone") await openSettings(lab.page);
      await lab.press("Train");
      await lab.finished();
      await lab.page.mouse.move(0, 0);
      await lab.page.evaluate(() => window.scrollTo(0, 0));
      await lab.page.screenshot({ path: `test-results/page-${device}-${colorScheme}.png`, fullPage: true });
    });
  }
}

test("a narrow phone needs no scrolling sideways, even with all settings open", async ({ lab }) => {
  await lab.page.setViewportSize({ width: 360, height: 740 });
  await lab.open();
  const overflow = () => lab.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBe(0);
  await openSettings(lab.page);
  await lab.set("Hidden layers", "512, 256, 128, 64, 32, 64, 128, 256, 512");
  await lab.ready();
  expect(await overflow()).toBe(0);
});

/** Opens the groups of settings that are closed, and closes the others. */
async function openSettings(page: Page): Promise<void> {
  for (const summary of await page.locator("summary").all()) await summary.click();
}
