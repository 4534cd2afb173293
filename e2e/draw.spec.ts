import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";
import { boxOf } from "./support/parts.ts";
import { psnr, readGrey, shownOn } from "./support/pixels.ts";
import { strokeByMouse, strokeByPen } from "./support/strokes.ts";

const tryIt = (page: Page) => page.getByRole("region", { name: "Try it", exact: true });
const pad = (page: Page) => tryIt(page).getByRole("application", { name: /^Drawing pad/ });
const drawn = (page: Page, title: string) =>
  tryIt(page).getByRole("img", { name: `drawing, ${title}`, exact: true });

/** A seven, in pixels of a 28 x 28 image. */
const seven = [
  [8, 7],
  [14, 7],
  [19, 7],
  [16, 13],
  [13, 20],
] as const;

/** A picture's grey values [rows, columns], in [0, 1]. */
async function pixels(canvas: Locator): Promise<readonly number[]> {
  const [shown, ...others] = await shownOn(canvas);
  if (!shown || others.length > 0) throw new Error("A single picture is to be seen.");
  return shown;
}

/** The contents of the pad. */
const inkOf = (page: Page) => pixels(tryIt(page).getByRole("img", { name: "drawing", exact: true }));

/** The positions of these points of the pad in the window, after the layout is stable. */
async function placesOf(page: Page, points: readonly (readonly [number, number])[]) {
  const { x: left, y: top, width, height } = await boxOf(pad(page));
  return points.map(([x, y]) => ({ x: left + (x / 28) * width, y: top + (y / 28) * height }));
}

test("a digit is drawn by mouse, pen or keys, denoised with the chosen noise, also by the run during its training, and saved", async ({
  lab,
}) => {
  await lab.open("hidden=8&batch=32&epochs=100000");
  const section = tryIt(lab.page);
  await expect(section.getByLabel("Network")).toHaveValue("digits");
  await expect(drawn(lab.page, "denoised")).toHaveCount(0);
  await test.step("a drawing is denoised by the network for digits, and saved", () => drawAndSave(lab.page));
  await section.getByRole("button", { name: "Clear" }).click();
  await expect(drawn(lab.page, "denoised")).toHaveCount(0);
  await expect(section.getByRole("button", { name: "Save picture" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await test.step("the keys draw without training", () => drawByKeys(lab));
  await test.step("the run's network denoises the drawing during the training", () => denoiseByRun(lab));
});

async function drawAndSave(page: Page): Promise<void> {
  const section = tryIt(page);
  await strokeByMouse(page, await placesOf(page, seven));
  await expect(drawn(page, "denoised")).toBeVisible();
  await expect(section).toContainText("Denoised by the network for digits: 784-64-784");

  // The strokes are about two pixels wide, and soft at their edges.
  const ink = await inkOf(page);
  const across = ink.slice(7 * 28, 8 * 28);
  expect(Math.max(...across)).toBe(1);
  expect([5, 6, 7, 8].map((row) => ink[row * 28 + 12] ?? 0).reduce((sum, value) => sum + value)).toBeCloseTo(
    2.4,
    1,
  );
  // Without centring, the network should give back the contents of the pad.
  await section.getByRole("checkbox", { name: /^Centre it/ }).uncheck();
  await expect
    .poll(async () => psnr(await pixels(drawn(page, "denoised")), ink), { timeout: 20_000 })
    .toBeGreaterThan(psnr(await pixels(drawn(page, "noisy")), ink) + 4);

  const before = await pixels(drawn(page, "denoised"));
  const bar = await placesOf(page, [
    [10, 14],
    [19, 14],
  ]);
  await strokeByPen(page, bar);
  await expect.poll(() => pixels(drawn(page, "denoised"))).not.toEqual(before);
  await section.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => pixels(drawn(page, "denoised"))).toEqual(before);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    section.getByRole("button", { name: "Save picture" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("drawing.png");
  const saved = await readGrey(await readFile(await download.path()));
  expect([saved.width, saved.height]).toEqual([3 * 280 + 2 * 10, 280]);
  // One pixel of each of the three, from the middle of its square.
  const square = (image: number, pixel: number) => {
    const [row, column] = [Math.floor(pixel / 28), pixel % 28];
    return saved.values[saved.width * (10 * row + 5) + 290 * image + 10 * column + 5];
  };
  const noisy = await pixels(drawn(page, "noisy"));
  for (const pixel of [0, 7 * 28 + 12, 400, 783]) {
    expect([0, 1, 2].map((image) => square(image, pixel))).toEqual([ink[pixel], noisy[pixel], before[pixel]]);
  }

  await test.step("the noise is as strong as the slider says, and does not change until new noise is requested", async () => {
    const shownNoisy = () => pixels(drawn(page, "noisy"));
    const slider = section.getByLabel(/^Noise/);
    await slider.fill("0");
    await expect.poll(shownNoisy).toEqual(ink);
    await slider.fill("1");
    await expect.poll(async () => psnr(await shownNoisy(), ink)).toBeLessThan(psnr(noisy, ink));
    await slider.fill("0.5");
    await expect.poll(shownNoisy).toEqual(noisy);
    await section.getByRole("button", { name: "New noise" }).click();
    await expect.poll(shownNoisy).not.toEqual(noisy);
    expect(Math.abs(psnr(await shownNoisy(), ink) - psnr(noisy, ink))).toBeLessThan(2);
  });
}

async function drawByKeys(lab: Lab): Promise<void> {
  const { page } = lab;
  await pad(page).focus();
  await page.keyboard.press("Space");
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(drawn(page, "denoised")).toBeVisible();
  await expect(tryIt(page)).toContainText("Pen up, row 20, column 19");
  const line = await inkOf(page);
  // The middle of the image, and five pixels below it; the pixels beside them are empty.
  expect([14, 17, 19].map((row) => line[row * 28 + 14])).toEqual([1, 1, 1]);
  expect([12, 21].map((row) => line[row * 28 + 14])).toEqual([0, 0]);
  expect(line[17 * 28 + 18]).toBe(0);
  expect(await lab.figure("step")).toBe(0);
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeVisible();
}

async function denoiseByRun(lab: Lab): Promise<void> {
  const { page } = lab;
  const section = tryIt(page);
  await expect(section).toContainText("Denoised by the network for digits");
  await section.getByLabel("Network").selectOption("The run's");
  await expect(section).toContainText("Denoised by the untrained run: 784-8-784");
  const untrained = await pixels(drawn(page, "denoised"));
  await lab.press("Train");
  await expect(section).toContainText(/Denoised by the run after .*(epoch|step)/);
  await expect.poll(() => pixels(drawn(page, "denoised"))).not.toEqual(untrained);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();

  await pad(page).focus();
  await page.keyboard.press("Control+z");
  await expect.poll(async () => Math.max(...(await inkOf(page)))).toBe(0);
}
