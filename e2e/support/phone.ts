import type { Locator, Page } from "@playwright/test";
import { expect } from "./page.ts";

/** For `test.use`: a small screen, and touch instead of a mouse. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A card of the page. */
export const card = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

/** Taps the button with this name. */
export const tapButton = (place: Page | Locator, name: string) =>
  place.getByRole("button", { name, exact: true }).tap();

/** Opens a group of settings with a tap; groups are closed initially. */
export async function openSettings(page: Page, title: string): Promise<void> {
  const heading = page.getByRole("heading", { name: title, exact: true });
  const group = page.locator("details", { has: heading });
  if ((await group.getAttribute("open")) === null) await group.locator("summary").tap();
}

/** Taps until it takes effect: the first tap after a scroll or a drag may only end it. */
export async function tapUntil(tap: () => Promise<void>, effect: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await tap();
    await effect();
  }).toPass({ timeout: 20_000 });
}

/** Expects that the page does not scroll horizontally. */
export async function expectNoOverflow(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
}
