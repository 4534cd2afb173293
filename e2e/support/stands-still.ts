import type { Locator, Page } from "@playwright/test";
import { expect } from "./page.ts";
import { strokeByMouse } from "./strokes.ts";

/** For seven filters to be tuned on a busy machine. */
const tuned = { timeout: 90_000 };

/** All observed positions of parts of the page, by their names. */
type Places = Record<string, number[]>;

/** Starts recording the positions of the parts, frame by frame. */
async function watch(parts: Readonly<Record<string, Locator>>): Promise<void> {
  for (const [name, part] of Object.entries(parts)) {
    await part.evaluate((element, name) => {
      const { places = {} } = globalThis as { places?: Places };
      Object.assign(globalThis, { places });
      const seen: number[] = [];
      places[name] = seen;
      const look = () => {
        const top = Math.round(element.getBoundingClientRect().top + scrollY);
        if (seen.at(-1) !== top) seen.push(top);
        // A newer recording replaces this one.
        if (places[name] === seen) requestAnimationFrame(look);
      };
      look();
    }, name);
  }
}

const placesOn = (page: Page) => page.evaluate(() => (globalThis as unknown as { places: Places }).places);

/**
 * Draws while filters are delayed, lets them begin, and waits until all are tuned. Expects that nothing in "Try it"
 * moves meanwhile.
 * @param begin lets the filters begin
 */
export async function expectStill(page: Page, begin: () => void): Promise<void> {
  const tryIt = page.getByRole("region", { name: "Try it", exact: true });
  const pad = tryIt.getByRole("application", { name: /^Drawing pad/ });
  const drawn = (title: string) => tryIt.getByRole("img", { name: new RegExp(`^drawing, ${title}$`, "i") });
  const filters = ["Gaussian", "non-local means", "total variation"];
  await pad.scrollIntoViewIfNeeded();
  for (const title of ["denoised", ...filters]) await expect(drawn(title)).toHaveCount(0);
  await watch({ card: tryIt, pad, save: tryIt.getByRole("button", { name: "Save picture" }) });
  const box = await pad.boundingBox();
  if (!box) throw new Error("The pad cannot be seen.");
  const at = (x: number, y: number) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
  await strokeByMouse(page, [at(0.3, 0.25), at(0.7, 0.25), at(0.45, 0.8)]);
  await expect(drawn("denoised")).toBeVisible();
  begin();
  for (const title of filters) await expect(drawn(title)).toBeVisible(tuned);
  await expect(page.getByText("Every classical filter is at its best")).toBeVisible(tuned);
  const places = await placesOn(page);
  for (const [name, seen] of Object.entries(places)) expect(seen, name).toHaveLength(1);
}
