import type { Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";
import { psnr, shownOn } from "./support/pixels.ts";

test.use({ contextOptions: { reducedMotion: "no-preference" } });

/** The mean PSNR in dB of a row's pictures against the clean ones, computed from the page's canvases. */
async function rowPsnr(page: Page, row: "noisy" | "denoised"): Promise<number> {
  const rowOf = (name: string) => shownOn(page.getByRole("img", { name, exact: true }));
  const [shown, clean] = [await rowOf(row), await rowOf("clean")];
  const each = shown.map((values, at) => psnr(values, clean[at] ?? []));
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

/** Opens the page as a user does, and presses nothing. */
async function openOnly(lab: Lab): Promise<void> {
  await lab.page.goto(lab.address("hidden=8&batch=32&epochs=100000"));
  await expect(lab.page.getByText("press Train to train a new one from scratch")).toBeVisible();
}

test("the opened page shows denoised digits, and Train shows the run's pictures, which can be compared with these", async ({
  lab,
}) => {
  const { page } = lab;
  await openOnly(lab);
  expect(await rowPsnr(page, "denoised")).toBeGreaterThan(15);
  expect(await rowPsnr(page, "noisy")).toBeLessThan(11);
  expect(await lab.figure("mean-denoised")).toBeCloseTo(await rowPsnr(page, "denoised"), 0);

  await test.step("they are above the fold, on a desktop and on a phone", async () => {
    for (const [width, height] of [
      [1280, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      const first = await page.getByRole("img", { name: "denoised", exact: true }).first().boundingBox();
      expect((first?.y ?? height) + (first?.height ?? 0)).toBeLessThan(height);
    }
  });
  await test.step("the noise over the denoised row fades out, or disappears immediately with reduced motion", async () => {
    const snow = page.locator(".snow").first();
    await expect(snow).toHaveCSS("animation-name", "clear");
    await expect(snow).toHaveCSS("opacity", "0");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await expect(snow).toBeHidden();
  });
  await test.step("another kind of noise shows only the run's pictures", async () => {
    const noise = page.getByLabel("Noise", { exact: true });
    await noise.selectOption("Mask");
    await expect(page.getByRole("radio", { name: "Pretrained" })).toHaveCount(0);
    await noise.selectOption("Gaussian");
    await expect(page.getByRole("radio", { name: "Pretrained" })).toBeChecked();
  });
  await test.step("other digits are denoised", () => chooseThrees(lab));
  await test.step("Train shows the run's pictures, and both can be compared", () => holdAgainstRun(lab));
});

async function chooseThrees(lab: Lab): Promise<void> {
  const { page } = lab;
  const beforehand = await lab.pictures("denoised");
  await page.getByRole("button", { name: "Only the digit 3" }).click();
  await expect.poll(async () => [...new Set(await lab.labels())]).toEqual(["3"]);
  await expect.poll(() => rowPsnr(page, "denoised")).toBeGreaterThan(15);
  expect(await lab.pictures("denoised")).not.toEqual(beforehand);
}

async function holdAgainstRun(lab: Lab): Promise<void> {
  const { page } = lab;
  await lab.press("Train");
  await expect(page.getByRole("radio", { name: "This run" })).toBeChecked();
  await expect(page.getByText("By the run's network as it is now.")).toBeVisible();
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();
  const run = await lab.pictures("denoised");
  await page.getByRole("radio", { name: "Pretrained" }).check();
  await expect.poll(() => lab.pictures("denoised")).not.toEqual(run);
  await expect.poll(() => rowPsnr(page, "denoised")).toBeGreaterThan(15);
  await page.getByRole("radio", { name: "This run" }).check();
  await expect.poll(() => lab.pictures("denoised")).toEqual(run);

  await page.getByRole("radio", { name: "Pretrained" }).check();
  await lab.press("Step");
  await expect(page.getByRole("radio", { name: "This run" })).toBeChecked();
}

test("without the network the run's pictures are shown, and nothing fails", async ({
  lab,
  expectedErrors,
}) => {
  expectedErrors.push(/ERR_INTERNET_DISCONNECTED/);
  await lab.page.route("**/models/*", (route) => route.abort("internetdisconnected"));
  await lab.page.goto(lab.address());
  await lab.ready();
  await expect(lab.page.getByRole("radio", { name: "Pretrained" })).toHaveCount(0);
  await expect(lab.page.getByRole("alert")).toHaveCount(0);
  await expect.poll(() => rowPsnr(lab.page, "denoised")).toBeLessThan(11);
  await expect(lab.page.getByRole("region", { name: "Try it" }).getByLabel("Network")).toHaveValue("run");
});
