import type { Page } from "@playwright/test";
import { encodeIdx } from "../../src/data/idx.ts";
import { choosePictures, finished, noisyPicture } from "./denoised-pictures.ts";
import { dropFiles } from "./file-drops.ts";
import { expect, type Lab } from "./page.ts";
import { strokeByMouse } from "./strokes.ts";

/** Uses all features of the page: trains, looks inside, draws, has a picture painted, denoises a picture, exports, drops a file. */
export async function usePage(lab: Lab): Promise<void> {
  const { page } = lab;
  await lab.press("Train");
  await lab.finished();

  await page.locator("summary", { hasText: "Inside the network" }).click();
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    await expect(page.getByRole("tabpanel")).toBeVisible();
  }

  const tryIt = page.getByRole("region", { name: "Try it", exact: true });
  const pad = tryIt.getByRole("application", { name: /^Drawing pad/ });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error("The pad is not to be seen.");
  await strokeByMouse(page, [
    { x: box.x + box.width / 3, y: box.y + box.height / 3 },
    { x: box.x + box.width / 2, y: box.y + (2 * box.height) / 3 },
  ]);
  await expect(tryIt.getByRole("img", { name: "drawing, denoised", exact: true })).toBeVisible();

  await page.locator("summary", { hasText: "Deep Image Prior" }).click();
  const prior = page.getByRole("region", { name: "Deep Image Prior", exact: true });
  await prior.getByLabel("Go on to the last step").check();
  await prior.getByRole("button", { name: "Start", exact: true }).click();
  await expect(prior.getByText(/^Step \d+ of/)).toBeVisible();
  await prior.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(prior.getByText(/^Stopped after/)).toBeVisible();

  await page.getByRole("link", { name: "Denoise", exact: true }).first().click();
  await choosePictures(page, [await noisyPicture("own.png", 60, 50)]);
  await finished(page);
  await downloads(page, () => page.getByRole("button", { name: "Download PNG" }).click());
  await downloads(page, () => page.getByRole("button", { name: "Download ZIP" }).click());
  await page.getByRole("link", { name: "Train", exact: true }).click();

  const run = page.getByRole("list", { name: "Kept runs" }).getByRole("listitem").first();
  await run.getByRole("button", { name: /^Actions for / }).click();
  for (const kind of ["CSV", "JSON", "Model", "Run", "SVG"]) {
    await downloads(page, () => run.getByRole("button", { name: kind, exact: true }).click());
  }

  const images = encodeIdx(
    [50, 8, 8],
    Uint8Array.from({ length: 3200 }, (_, pixel) => pixel % 251),
  );
  await dropFiles(page, [{ name: "own.idx", mimeType: "", buffer: Buffer.from(images) }]);
  await expect(page.getByText("own.idx").first()).toBeVisible();
}

async function downloads(page: Page, press: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForEvent("download"), press()]);
}
