import type { Page } from "@playwright/test";
import sharp from "sharp";
import { MadeNumbers } from "../test/kernels/made-numbers.ts";
import {
  choosePictures,
  downloaded,
  finished,
  openDenoise,
  queueOf,
  statusOf,
} from "./support/denoised-pictures.ts";
import type { NamedFile } from "./support/file-drops.ts";
import { findings } from "./support/findings.ts";
import { expect, test } from "./support/page.ts";
import { drawnOne } from "./support/parts.ts";

const side = 64;

/** The clean picture in bytes: slanting stripes and a disk. */
const clean = Float64Array.from({ length: side * side }, (_, at) => {
  const [x, y] = [at % side, Math.floor(at / side)];
  const inside = Math.hypot(x - 40, y - 24) < 14;
  return 255 * (inside ? 0.8 : 0.4 + 0.15 * Math.sin((x + 2 * y) / 9));
});

/** That picture with noise of standard deviation 0.12, always the same for a name. */
async function noisy(name: string): Promise<NamedFile> {
  const noise = new MadeNumbers(name).floats(4 * side * side, -0.104, 0.104);
  // The sum of four uniform values of deviation 0.06 has twice that.
  const grey = Uint8ClampedArray.from(clean, (value, at) =>
    [0, 1, 2, 3].reduce((sum, part) => sum + 255 * (noise[4 * at + part] ?? 0), value),
  );
  const raw = { width: side, height: side, channels: 1 } as const;
  return { name, mimeType: "image/png", buffer: await sharp(grey, { raw }).png().toBuffer() };
}

/** The mean squared difference of a picture's bytes from the clean ones. */
function errorOf(values: (at: number) => number): number {
  return clean.reduce((sum, value, at) => sum + (values(at) - value) ** 2, 0) / clean.length;
}

const network = (page: Page) => page.getByLabel("Network", { exact: true });
const stop = (page: Page) => page.getByRole("button", { name: "Stop and use it as it is" });
const bar = (page: Page) => page.getByRole("progressbar", { name: "Learned" });
const after = (page: Page) => page.getByRole("img", { name: "after", exact: true });

/** Opens the view with a picture that was denoised as usual. */
async function openWith(lab: Parameters<typeof openDenoise>[0], file: NamedFile): Promise<void> {
  await openDenoise(lab);
  await choosePictures(lab.page, [file]);
  await finished(lab.page);
}

test("a network learns from a picture alone, intermediate results are shown, and the result is closer to the clean one", async ({
  lab,
}) => {
  const { page } = lab;
  const file = await noisy("alone.png");
  await openWith(lab, file);
  const settings = page.getByRole("region", { name: "Settings", exact: true });
  await expect(settings.getByLabel("Strength")).toBeVisible();
  const before = await drawnOne(after(page));

  await network(page).selectOption("Learn from this picture");
  await expect(settings).toContainText("Needs no model and no strength");
  await expect(settings.getByLabel("Strength")).toHaveCount(0);
  await expect(settings.getByLabel("Blend")).toBeVisible();
  await expect(statusOf(page)).toHaveText("Learning from this picture.");
  await expect(bar(page)).not.toHaveAttribute("aria-valuenow", "0");
  await expect(queueOf(page)).toContainText(/learning, \d+ %/);
  await expect.poll(() => drawnOne(after(page))).not.toBe(before);
  await expect(stop(page)).toBeVisible();
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await findings(page)).toEqual([]);

  await finished(page);
  await expect(statusOf(page)).toHaveText(/^Done in .*, after learning for \d+ steps\.$/);
  await expect(page.locator(".shown-facts")).toHaveText(
    "64 × 64 pixels, by a network that learned from it (conv:32x4).",
  );
  await expect(stop(page)).toHaveCount(0);
  expect(await findings(page)).toEqual([]);
  const { data } = await downloaded(page);
  const given = await sharp(file.buffer).raw().toBuffer({ resolveWithObject: true });
  const { channels } = given.info;
  const noise = errorOf((at) => given.data[channels * at] ?? Number.NaN);
  expect(errorOf((at) => data[4 * at] ?? Number.NaN)).toBeLessThan(0.4 * noise);
});

test("learning is stopped early, cancelled and started again, and each picture has a network of its own", async ({
  lab,
}) => {
  const { page } = lab;
  await openWith(lab, await noisy("first.png"));
  await network(page).selectOption("Learn from this picture");
  await test.step("a picture is denoised by the network as far as it has learned", async () => {
    await expect(stop(page)).toHaveAttribute("aria-disabled", "false");
    await stop(page).press("Enter");
    await finished(page);
    await expect(statusOf(page)).toHaveText(/, after learning for \d+ steps\.$/);
  });
  await test.step("the next pictures have the same choice, one that is too small says so", async () => {
    const raw = { width: 20, height: 10, channels: 3, background: "#678" } as const;
    const small = await sharp({ create: raw }).png().toBuffer();
    await choosePictures(page, [
      await noisy("second.png"),
      { name: "small.png", mimeType: "image/png", buffer: small },
    ]);
    await expect(page.getByRole("heading", { name: "second.png" })).toBeVisible();
    await expect(stop(page)).toHaveAttribute("aria-disabled", "false");
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await expect(statusOf(page)).toHaveText("Cancelled.");
    await expect(queueOf(page).nth(2)).toContainText(
      "small.png has 20 x 10 pixels, too few to learn from: at least 16 x 16 are needed.",
    );
  });
  await test.step("a cancelled one is learned from again", async () => {
    await page.getByRole("button", { name: "Retry", exact: true }).click();
    await expect(stop(page)).toHaveAttribute("aria-disabled", "false");
    await stop(page).click();
    await finished(page);
    await expect(statusOf(page)).toHaveText(/, after learning for \d+ steps\.$/);
  });
});
