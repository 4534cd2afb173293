import type { Locator, Page } from "@playwright/test";
import { holdFilters } from "./support/hold-filters.ts";
import { expect, smallRun, test } from "./support/page.ts";
import { shapeFiles } from "./support/shapes.ts";
import { strokeByMouse } from "./support/strokes.ts";

/** Where parts of the page lie on it, by their names: every place that they were seen at. */
type Places = Record<string, number[]>;

/** From now on notes down, frame by frame, where the parts lie. */
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
        requestAnimationFrame(look);
      };
      look();
    }, name);
  }
}

const placesOn = (page: Page) => page.evaluate(() => (globalThis as unknown as { places: Places }).places);

// What comes in is the work of the filters, from the first to the last.
test.use({ filters: true });

for (const [device, viewport] of Object.entries({
  desktop: { width: 1400, height: 900 },
  phone: { width: 390, height: 844 },
})) {
  test(`on a ${device} nothing of "Try it" moves while results come in`, async ({ lab }) => {
    const { page } = lab;
    await page.setViewportSize(viewport);
    const begin = await holdFilters(page);
    await lab.open(smallRun);
    // Filters for so small images are tuned in a moment.
    await page.getByLabel("Your own images").setInputFiles(shapeFiles());
    await page.getByRole("button", { name: "Use them" }).click();
    await expect(page.getByText("144 → 8 → 144")).toBeAttached();
    await lab.ready();
    const tryIt = page.getByRole("region", { name: "Try it", exact: true });
    const pad = tryIt.getByRole("application", { name: /^Drawing pad/ });
    await pad.scrollIntoViewIfNeeded();
    await watch({ card: tryIt, pad, save: tryIt.getByRole("button", { name: "Save picture" }) });
    const box = await pad.boundingBox();
    if (!box) throw new Error("The pad cannot be seen.");
    const at = (x: number, y: number) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
    await strokeByMouse(page, [at(0.3, 0.25), at(0.7, 0.25), at(0.45, 0.8)]);
    const drawn = (title: string) => tryIt.getByRole("img", { name: new RegExp(`^drawing, ${title}$`, "i") });
    await expect(drawn("denoised")).toBeVisible();
    begin();
    for (const title of ["Gaussian", "non-local means", "total variation"])
      await expect(drawn(title)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("Every classical filter is at its best")).toBeVisible({ timeout: 60_000 });
    const places = await placesOn(page);
    for (const [name, seen] of Object.entries(places)) expect(seen, name).toHaveLength(1);
  });
}
