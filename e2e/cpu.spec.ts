import type { Page } from "@playwright/test";
import { expect, inWorker, type Lab, test } from "./support/page.ts";
import { boxOf } from "./support/parts.ts";
import { expectNoOverflow, phone } from "./support/phone.ts";
import { shownOn } from "./support/pixels.ts";
import { strokeByMouse } from "./support/strokes.ts";
import { denoise, picture, tryIt } from "./support/tried-pictures.ts";

test.use({ engine: "gpu" });

const noAdapter = "GPU.prototype.requestAdapter = async () => null;";
const noGpu = `Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });`;

const settings = "hidden=8&batch=128&epochs=1";

/** The header's words on what computes. */
const computesOn = ({ page }: Lab) => page.locator(".adapter");

/** Presses a link that loads the page again, and gives the address that it leads to. */
async function follow({ page }: Lab, link: string, address: RegExp): Promise<URL> {
  await page.getByRole("link", { name: link }).click();
  await page.waitForURL(address, { waitUntil: "commit" });
  return new URL(page.url());
}

test("without a GPU the CPU computes, unless the address asks for the GPU, and the page says why and how to get one", async ({
  lab,
}) => {
  const { page } = lab;
  await page.setViewportSize(phone.viewport);
  const help = page.getByText("hardware acceleration");

  await test.step("?backend=gpu without an adapter says why, and offers the CPU", async () => {
    await inWorker(page, noAdapter);
    await page.goto(`/?backend=gpu#${settings}`);
    await expect(page.getByRole("alert")).toHaveText("WebGPU is available, but no GPU adapter was found.");
    await expect(help).toBeVisible();
    await expectNoOverflow(page);
    await follow(lab, "Use the CPU instead", /backend=cpu/);
    await expect(computesOn(lab)).toContainText("Computes on the CPU: the page's address asks for it.");
  });

  await test.step("without an adapter the CPU computes", async () => {
    // Nothing in the address asks for the CPU.
    await follow(lab, "Use the GPU", /\/#/);
    await expect(computesOn(lab)).toContainText(
      "Computes on the CPU: WebGPU is available, but no GPU adapter was found.",
    );
  });

  await test.step("without WebGPU the CPU computes", async () => {
    await page.unroute(/training-worker/);
    await inWorker(page, noGpu);
    await page.reload();
    await expect(computesOn(lab)).toContainText("Computes on the CPU: This browser does not offer WebGPU.");
    await expect(help).toBeHidden();
    await page.getByText("How to get the GPU").click();
    await expect(help).toBeVisible();
    for (const browser of ["Chrome or Edge.", "Safari.", "Firefox."])
      await expect(page.getByText(browser, { exact: true })).toBeVisible();
    await expectNoOverflow(page);
    await lab.ready();
    await lab.press("Train");
    await lab.finished();
  });
});

test("a software GPU offers the CPU, which does the same work", async ({ lab }) => {
  const { page } = lab;
  /** Trains, and gives the figures that the run ends with. */
  const train = async () => {
    await lab.ready();
    const tried = await tryNetwork(page);
    await lab.showRun();
    const untrained = await lab.pictures("denoised");
    await lab.press("Train");
    await lab.finished();
    expect(await lab.pictures("denoised")).not.toEqual(untrained);
    return {
      loss: await lab.figure("validation-loss"),
      psnr: await lab.figure("validation-psnr"),
      shown: await lab.figure("mean-denoised"),
      tried,
    };
  };
  await page.goto(`/?kernels=tile8#${settings}`);
  const onGpu = await train();
  await expect(computesOn(lab)).not.toContainText("CPU:");
  await expect(page.getByText("GPU time")).toHaveCount(1);
  // Only an adapter in software has the CPU offered.
  if (process.env.UNSNOW_GPU === "native") return;
  await expect(computesOn(lab)).toContainText("This is a software GPU");
  const { hash, searchParams } = await follow(lab, "Use the CPU instead", /backend=cpu/);
  expect(hash).toBe(`#${settings}`);
  expect(Object.fromEntries(searchParams)).toEqual({ kernels: "tile8", backend: "cpu" });
  const onCpu = await train();
  await expect(computesOn(lab)).toContainText("Computes on the CPU: the page's address asks for it.");
  await expect(page.getByText("GPU time")).toHaveCount(0);
  // What they differ by is rounding, of which one unit of the last digit that is shown may be left.
  expect(Math.abs(onCpu.loss - onGpu.loss)).toBeLessThan(1.5e-4);
  expect(Math.abs(onCpu.psnr - onGpu.psnr)).toBeLessThan(0.015);
  expect(Math.abs(onCpu.shown - onGpu.shown)).toBeLessThan(0.15);
  expect(onCpu.tried).toHaveLength(onGpu.tried.length);
  const differences = onCpu.tried.map((grey, at) => Math.abs(grey - (onGpu.tried[at] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThan(1.5 / 255);
  const back = await follow(lab, "Use the GPU", /kernels=tile8#/);
  expect(Object.fromEntries(back.searchParams)).toEqual({ kernels: "tile8" });
});

/** Has the network for digits denoise a drawing and a picture, and gives what the picture has become. */
async function tryNetwork(page: Page): Promise<number[]> {
  const section = tryIt(page);
  const shown = (name: string) => section.getByRole("img", { name, exact: true });
  const { x, y, width, height } = await boxOf(section.getByRole("application", { name: /^Drawing pad/ }));
  await strokeByMouse(page, [
    { x: x + 0.5 * width, y: y + 0.25 * height },
    { x: x + 0.5 * width, y: y + 0.75 * height },
  ]);
  await expect(shown("drawing, denoised")).toBeVisible();
  await expect(section).toContainText("Denoised by the network for digits: 784-64-784");
  await section.getByRole("radio", { name: "A picture" }).check();
  await section.getByLabel("Picture", { exact: true }).setInputFiles(await picture("tiny.png"));
  await denoise(section);
  return (await shownOn(shown("after"))).flat();
}
