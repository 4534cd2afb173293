import type { Locator, Page } from "@playwright/test";
import { expect } from "./page.ts";

/** For `test.use`: a small screen, and a finger in place of the mouse. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A card of the page. */
export const card = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

/** Taps a button of this name. */
export const tapButton = (place: Page | Locator, name: string) =>
  place.getByRole("button", { name, exact: true }).tap();

/** Opens a group of settings with a tap; they are closed at first. */
export async function openSettings(page: Page, title: string): Promise<void> {
  const heading = page.getByRole("heading", { name: title, exact: true });
  const group = page.locator("details", { has: heading });
  if ((await group.getAttribute("open")) === null) await group.locator("summary").tap();
}

/** Taps until it takes effect: the first tap after a scroll or a drag may end it, and press nothing. */
export async function tapUntil(tap: () => Promise<void>, effect: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await tap();
    await effect();
  }).toPass({ timeout: 20_000 });
}

/** Nothing of the page has to be scrolled to sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
}
