import type { Locator, Page } from "@playwright/test";
import sharp from "sharp";
import {
  choosePictures,
  downloadOf,
  finished,
  holdDecoding,
  noisyPicture,
  openDenoise,
  queueOf,
  statusOf,
} from "./support/denoised-pictures.ts";
import { dropFiles, type NamedFile } from "./support/file-drops.ts";
import { expect, test } from "./support/page.ts";
import { readZip } from "./support/zip.ts";

const broken: NamedFile = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture") };

/** A picture's grey bytes, and its size. */
async function greyOf(bytes: Buffer): Promise<{ size: string; grey: Buffer }> {
  const { data, info } = await sharp(bytes).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  return { size: `${info.width} x ${info.height}`, grey: data };
}

const item = (page: Page, name: string): Locator => queueOf(page).filter({ hasText: name });

test("many pictures are denoised one after the other, each with its state, and downloaded as one ZIP", async ({
  lab,
}) => {
  const { page } = lab;
  await openDenoise(lab);
  const files = [
    await noisyPicture("a.png", 60, 50),
    await noisyPicture("b.png", 70, 40),
    broken,
    { ...(await noisyPicture("c.png", 50, 61)), name: "a.jpg" },
  ];
  await dropFiles(page, files);
  await expect(page.getByText("3 of 4 done")).toBeVisible();
  await expect(item(page, "a.png")).toContainText(/done in \d/);
  await expect(item(page, "broken.png")).toContainText("broken.png cannot be read as a picture");
  await expect(queueOf(page)).toHaveCount(4);
  // The first one is shown.
  await expect(page.getByRole("heading", { name: "a.png" })).toBeVisible();
  await finished(page);

  await test.step("the ZIP has the results that single downloads have", async () => {
    const single = await downloadOf(page, "Download PNG");
    const { name, bytes } = await downloadOf(page, "Download ZIP");
    expect(name).toBe("denoised.zip");
    const entries = readZip(bytes);
    expect(entries.map((entry) => entry.name)).toEqual([
      "a-denoised.png",
      "b-denoised.png",
      "a-denoised-2.png",
    ]);
    expect(entries[0]?.bytes.equals(single.bytes)).toBe(true);
    const sizes = await Promise.all(entries.map(async (entry) => (await greyOf(entry.bytes)).size));
    expect(sizes).toEqual(["60 x 50", "70 x 40", "50 x 61"]);
    const original = await greyOf(files[1]?.buffer ?? Buffer.of());
    const result = await greyOf(entries[1]?.bytes ?? Buffer.of());
    expect(result.grey.equals(original.grey)).toBe(false);
    await expect(page.getByText("denoised.zip has 3 pictures.")).toBeVisible();
  });
  await test.step("another one is shown by its button and by keys", async () => {
    await page.getByRole("button", { name: /^b\.png/ }).click();
    await expect(page.getByRole("heading", { name: "b.png" })).toBeVisible();
    await expect(page.getByRole("img", { name: "after", exact: true })).toHaveAttribute("width", "70");
    await expect(page.getByRole("button", { name: /^b\.png/ })).toHaveAttribute("aria-current", "true");
    await page.locator("body").press("p");
    await expect(page.getByRole("heading", { name: "a.png" })).toBeVisible();
    await page.locator("body").press("n");
    await expect(page.getByRole("heading", { name: "b.png" })).toBeVisible();
  });
  await test.step("the settings of one are used for all", async () => {
    const settings = page.getByRole("region", { name: "Settings", exact: true });
    await settings.getByLabel("Network").selectOption("Digits");
    await finished(page);
    await settings.getByRole("button", { name: "Use for all 4 pictures" }).click();
    await expect(page.getByText("3 of 4 done")).toBeVisible();
    await page.getByRole("button", { name: /^a\.png/ }).click();
    await expect(page.locator(".shown-facts")).toContainText("by the network for digits");
  });
  await test.step("pictures are removed, and the last one shows the beginning", async () => {
    await page.getByRole("button", { name: "Remove a.png" }).click();
    await expect(queueOf(page)).toHaveCount(3);
    await expect(page.getByRole("heading", { name: "b.png" })).toBeVisible();
    await page.getByRole("button", { name: "Remove all" }).click();
    await expect(page.getByRole("button", { name: "Try an example" })).toBeVisible();
  });
});

test("a picture is cancelled, alone and with all others, and denoised later", async ({ lab }) => {
  const { page } = lab;
  const allowDecoding = await holdDecoding(page);
  await openDenoise(lab);
  await choosePictures(
    page,
    await Promise.all(["a", "b", "c"].map((name) => noisyPicture(`${name}.png`, 60, 50))),
  );
  await expect(item(page, "a.png")).toContainText("denoising");
  await expect(item(page, "b.png")).toContainText("waiting");
  await expect(statusOf(page)).toHaveText("Denoising, from the middle outwards.");

  // The first cannot be done, because nothing is decoded.
  await page.getByRole("button", { name: "Cancel b.png" }).click();
  await expect(item(page, "b.png")).toContainText("cancelled");
  await expect(item(page, "a.png")).toContainText("denoising");
  await page.getByRole("button", { name: "Cancel all" }).click();
  for (const name of ["a.png", "c.png"]) await expect(item(page, name)).toContainText("cancelled");
  await expect(statusOf(page)).toHaveText("Cancelled.");
  await expect(page.getByText("0 of 3 done")).toBeVisible();

  await allowDecoding();
  await page.getByRole("button", { name: "Retry c.png" }).click();
  await expect(item(page, "c.png")).toContainText(/done in \d/);
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await finished(page);
  await expect(item(page, "b.png")).toContainText("cancelled");
});

test("the picture that is chosen is denoised before those that wait", async ({ lab }) => {
  const { page } = lab;
  const allowDecoding = await holdDecoding(page);
  await openDenoise(lab);
  await choosePictures(
    page,
    await Promise.all(["a", "b"].map((name) => noisyPicture(`${name}.png`, 60, 50))),
  );
  await expect(item(page, "a.png")).toContainText("denoising");
  await choosePictures(page, [await noisyPicture("now.png", 40, 50)]);
  // The work on the first one ended, which has to wait.
  await allowDecoding();
  await expect(page.getByText("3 of 3 done")).toBeVisible();
  await expect(page.getByRole("heading", { name: "now.png" })).toBeVisible();
  await finished(page);
});
