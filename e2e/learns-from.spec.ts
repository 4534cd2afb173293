import sharp from "sharp";
import { encodeIdx } from "../src/data/idx.ts";
import type { NamedFile } from "./support/file-drops.ts";
import { findings } from "./support/findings.ts";
import { namedFile, stripes, stripesFile } from "./support/image-files.ts";
import { expect, type Lab, test } from "./support/page.ts";

const source = ({ page }: Lab) => page.getByLabel("What it learns from", { exact: true });
const region = ({ page }: Lab, name: string) => page.getByRole("region", { name, exact: true });

/** Training on few digits would need files, so runs are short by their steps: a large batch and one epoch. */
const short = "batch=256&epochs=1&loss=mse";

test("noisy digits alone: the form changes to convolutions, refuses masks, trains, and says what is compared", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open(short);
  await source(lab).selectOption({ label: "Noisy pictures alone" });
  const layers = page.getByLabel("Hidden layers", { exact: true });
  await expect(layers).toHaveValue("conv:16/2, conv:8/2, up:8, up:16");
  await expect(page.getByLabel("Fresh noise each epoch", { exact: true })).not.toBeChecked();
  await lab.set("Epochs", "1");
  await lab.set("Mask", "4x1");
  await expect(page.locator("#setting-mask-fault")).toHaveText(/^The sides of the mask must be odd numbers/);
  await lab.set("Mask", "25x1");
  await expect(page.locator("#setting-mask-fault")).toHaveText(/needs images of at least 29 x 5 pixels/);
  expect(await findings(page, { parts: ".settings" })).toEqual([]);
  await lab.set("Mask", "3x1");
  await expect(page.locator("#setting-mask-fault")).toBeEmpty();
  await expect.poll(() => page.url()).toContain("self-supervised&mask=3x1");
  await page.getByRole("radio", { name: "Dense", exact: true }).check();
  await expect(page.locator("#setting-hidden-fault")).toHaveText(/needs convolutions/);
  await page.getByRole("radio", { name: "Convolutions", exact: true }).check();
  await expect(page.locator("#setting-hidden-fault")).toBeEmpty();

  await lab.press("Train");
  await lab.finished();
  await expect(page.locator(".readouts")).toContainText("PSNR to noisy pixels");
  expect(await lab.figure("validation-psnr")).toBeGreaterThan(3);
  // The digits' clean pictures are known, so they are shown and compared, and the page says that training has not seen them.
  await expect(page.getByRole("img", { name: "clean", exact: true })).toHaveCount(10);
  await expect(region(lab, "Quality")).toContainText("The clean images are only for this comparison.");
  await expect(page.getByText(/self-supervised on/).first()).toBeVisible();

  await page.reload();
  await lab.ready();
  await expect(source(lab)).toHaveValue("noisy");
  await expect(page.getByLabel("Mask", { exact: true })).toHaveValue("3x1");
  await source(lab).selectOption({ label: "Clean pictures" });
  await expect(page.getByLabel("Mask", { exact: true })).toHaveCount(0);
  await expect.poll(() => page.url()).not.toContain("self-supervised");
});

test("the user's noisy pictures alone: no noise is added, and nothing is called clean", async ({ lab }) => {
  const { page } = lab;
  await lab.open("batch=64&epochs=2&loss=mse");
  await source(lab).selectOption({ label: "Noisy pictures alone" });
  await page.getByLabel("Your own images").setInputFiles(stripesFile());
  await region(lab, "Use these images?").getByRole("button", { name: "Use them" }).click();
  await expect(page.getByRole("listitem", { name: /^Image \d+$/ })).toHaveCount(10);
  await expect(page.getByLabel("Noise", { exact: true })).toHaveValue("none");
  await lab.set("Epochs", "2");
  await lab.ready();
  await lab.press("Train");
  await lab.finished();

  await expect(page.getByRole("img", { name: "noisy", exact: true })).toHaveCount(10);
  await expect(page.getByRole("img", { name: "denoised", exact: true })).toHaveCount(10);
  await expect(page.getByRole("img", { name: "clean", exact: true })).toHaveCount(0);
  await expect(page.getByText("No clean pictures to compare with")).toBeVisible();
  const quality = region(lab, "Quality");
  await expect(quality).toContainText("There are no clean pictures, so this is the PSNR to noisy pixels");
  await expect(quality.getByRole("table", { name: "The network beside the classical filters" })).toHaveCount(
    0,
  );
  // The curve is that of the reported PSNR.
  const shown = await lab.figure("legend-quality");
  expect(Math.abs((await lab.figure("validation-psnr")) - shown)).toBeLessThan(0.06);
  await quality.getByText("As a table", { exact: true }).click();
  await expect(quality.getByRole("columnheader", { name: "PSNR to noisy pixels, dB" })).toBeVisible();
  expect(await findings(page)).toEqual([]);

  await page.setViewportSize({ width: 360, height: 740 });
  const wide = () =>
    page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(await wide()).toBe(false);

  await page.getByRole("button", { name: "Back to the digits" }).click();
  await expect(page.getByRole("listitem", { name: /^Digit \d$/ })).toHaveCount(10);
  await expect(page.getByLabel("Noise", { exact: true })).toHaveValue("gaussian");
  await expect(page.getByLabel("Fresh noise each epoch", { exact: true })).not.toBeChecked();
});

/** A noisy picture of the stripes: every pixel moves by up to `amount` grey levels, towards the middle. */
function noisyStripes(amount: number): Uint8Array<ArrayBuffer> {
  return stripes(0, 300, 20, 16).map((grey, at) => {
    const part = (Math.imul(at + amount, 2654435761) >>> 24) / 255;
    return Math.round(grey < 128 ? grey + part * amount : grey - part * amount);
  });
}

/** Pictures of 20 x 16 pixels as PNG or lossless WebP files. */
function pictures(pixels: Uint8Array, count: number, format: "png" | "webp"): Promise<NamedFile[]> {
  const raw = { width: 16, height: 20, channels: 1 } as const;
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const picture = sharp(Buffer.from(pixels.subarray(number * 320, (number + 1) * 320)), { raw });
      const buffer = await picture.toFormat(format, { lossless: true }).toBuffer();
      return { name: `${number}.${format}`, mimeType: `image/${format}`, buffer };
    }),
  );
}

test("pairs and two shots: twins are chosen beside the images and paired by name, and a missing one is named", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("batch=16&epochs=2&loss=mse&hidden=8");
  await source(lab).selectOption({ label: "Pairs" });
  const fault = page.locator("#setting-source-fault");
  await expect(fault).toHaveText(/^Pairs are images of your own/);
  await expect(page.getByLabel("Noise", { exact: true })).toHaveCount(0);

  const offer = region(lab, "Use these pictures?");
  const use = offer.getByRole("button", { name: "Use them" });
  const twins = offer.getByLabel("Their noisy twins", { exact: true }).and(page.locator("input"));
  await page.getByLabel("Your own images").setInputFiles(await pictures(stripes(0, 300, 20, 16), 40, "png"));
  await expect(offer).toContainText("32 for training and 8 held out");
  await expect(use).toHaveAttribute("aria-disabled", "true");
  await expect(offer.getByRole("radio", { name: "Cut out" })).toBeChecked();
  const noisy = await pictures(noisyStripes(90), 40, "webp");
  await twins.setInputFiles(noisy.toSpliced(17, 1));
  await expect(
    page.getByText("Every picture needs a noisy twin of the same name, but there is none for 17.png."),
  ).toBeVisible();
  // In another order, which the names put right.
  await twins.setInputFiles(noisy.toReversed());
  await expect(offer).toContainText("40 noisy twins");
  await expect(offer.getByRole("img", { name: "twin 1", exact: true })).toBeVisible();
  expect(await findings(page, { parts: ".settings" })).toEqual([]);
  await use.click();
  await expect(page.getByRole("listitem", { name: /^Image \d+$/ })).toHaveCount(8);
  await expect(fault).toBeEmpty();
  await lab.ready();
  await lab.press("Train");
  await lab.finished();
  await expect(page.getByRole("img", { name: "clean", exact: true })).toHaveCount(8);
  await expect(page.locator(".readouts")).toContainText("Validation PSNR");

  const shots = (name: string, amount: number) =>
    namedFile(name, encodeIdx([300, 20, 16], noisyStripes(amount)));
  const [first, second] = [shots("first.idx", 90), shots("second.idx", 80)];
  const idx = region(lab, "Use these images?");

  await test.step("two shots of the same scenes, in IDX files", async () => {
    await source(lab).selectOption({ label: "Two noisy shots" });
    await page.getByLabel("Your own images").setInputFiles(first);
    await idx.getByLabel("Their second shots", { exact: true }).setInputFiles(second);
    await expect(idx).toContainText("second.idx");
    await idx.getByRole("button", { name: "Use them" }).click();
    await expect(page.getByRole("listitem", { name: /^Image \d+$/ })).toHaveCount(10);
    await lab.ready();
    await lab.press("Train");
    await lab.finished();
    await expect(page.getByRole("img", { name: "other shot", exact: true })).toHaveCount(10);
    await expect(page.locator(".readouts")).toContainText("PSNR to noisy pixels");
  });

  await test.step("such a run continues once both are chosen again", async () => {
    await lab.set("Batch", "120");
    await lab.press("Reset");
    await lab.ready();
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    await lab.press("Step");
    await expect(page.getByText("Saved: epoch 1", { exact: true })).toBeVisible();
    await page.reload();
    await lab.ready();
    await expect(source(lab)).toHaveValue("clean");
    await page.getByRole("button", { name: /^Continue 320-8-320/ }).click();
    await expect(
      page.getByText("choose first.idx again, or drop them here, and then second.idx"),
    ).toBeVisible();
    await page.getByLabel("Your own images").setInputFiles(first);
    await idx.getByLabel("Their noisy twins", { exact: true }).setInputFiles(second);
    await lab.finished();
    await expect(source(lab)).toHaveValue("shots");
    await expect(page.getByRole("img", { name: "other shot", exact: true })).toHaveCount(10);
  });

  await test.step("the digits return to clean pictures, with noise", async () => {
    await page.getByRole("button", { name: "Back to the digits" }).click();
    await expect(source(lab)).toHaveValue("clean");
    await expect(page.getByLabel("Noise", { exact: true })).toHaveValue("gaussian");
  });
});
