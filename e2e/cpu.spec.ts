import sharp from "sharp";
import { expect, inWorker, type Lab, test } from "./support/page.ts";

const noAdapter = "GPU.prototype.requestAdapter = async () => null;";
const noGpu = `Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });`;

/** The header's words on what computes. */
const computesOn = ({ page }: Lab) => page.locator(".adapter");

test("?backend=cpu trains, pauses, steps and shows what it does", async ({ lab }) => {
  await lab.open("?backend=cpu");
  await expect(computesOn(lab)).toContainText("Computes on the CPU: the page's address asks for it.");
  await lab.set("Batch", "32");
  await lab.set("Epochs", "2");
  await expect(lab.page.locator("#step + small")).toHaveText(" of 313");
  await lab.ready();
  const untrained = await lab.pictures("denoised");

  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(1);
  await lab.press("Pause");
  await expect(lab.page.getByText("Paused")).toBeVisible();
  const where = async () => 313 * (await lab.figure("epoch")) + (await lab.figure("step"));
  const paused = await where();
  await lab.page.waitForTimeout(500);
  expect(await where()).toBe(paused);

  await lab.press("Train");
  await lab.finished();
  expect(await lab.figure("epoch")).toBe(2);
  expect(await lab.figure("validation-loss")).toBeLessThan(0.3);
  expect(await lab.figure("mean-denoised")).toBeGreaterThan((await lab.figure("mean-noisy")) + 1);
  const trained = await lab.pictures("denoised");
  expect(new Set(trained).size).toBe(10);
  expect(trained).not.toEqual(untrained);
});

test("the CPU comes to the GPU's figures", async ({ lab }) => {
  const figures = async (query: string) => {
    await lab.open(query);
    await lab.setQuickRun(1);
    await lab.press("Train");
    await lab.finished();
    return [await lab.figure("validation-loss"), await lab.figure("validation-psnr")] as const;
  };
  const [loss, psnr] = await figures("?backend=cpu");
  const [deviceLoss, devicePsnr] = await figures("?backend=gpu");
  // What they differ by is rounding, of which one unit of the last digit that is shown may be left.
  expect(Math.abs(loss - deviceLoss)).toBeLessThan(1.5e-4);
  expect(Math.abs(psnr - devicePsnr)).toBeLessThan(0.015);
});

test("on the CPU a picture is denoised while the run trains", async ({ lab }) => {
  const { page } = lab;
  await lab.open("?backend=cpu");
  const section = page.getByRole("region", { name: "Try it", exact: true });
  await section.getByRole("radio", { name: "A picture" }).check();
  const grey = { width: 200, height: 150, channels: 3, background: "#888" } as const;
  const buffer = await sharp({ create: grey }).png().toBuffer();
  await section
    .getByLabel("Picture", { exact: true })
    .setInputFiles({ name: "grey.png", mimeType: "image/png", buffer });
  await expect(section).toContainText("grey.png, 200 × 150 pixels");
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(0);
  await section.getByRole("button", { name: "Denoise" }).click();
  await expect(section.getByRole("button", { name: "Download PNG" })).toBeVisible();
  await expect(section).toContainText(/by the run after .*\d+ (epoch|step)/);
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
});

test("a training that diverges on the CPU is told, and Reset starts afresh", async ({ lab }) => {
  await lab.open("?backend=cpu");
  await lab.setQuickRun(20);
  // Float64 holds what float32 does not: it takes more layers than on the GPU to leave float32's numbers behind.
  await lab.set("Hidden layers", Array.from({ length: 15 }, () => 64).join(", "));
  await lab.openSettings("Optimizer");
  await lab.set("Learning rate", "1000");
  await lab.set("Epsilon", "1");
  await lab.press("Train");
  await expect(lab.page.getByRole("alert")).toContainText(/diverged in epoch \d+ at step \d+/);
  await lab.page.getByRole("radio", { name: "Keras 2" }).check();
  await lab.press("Reset");
  await lab.ready();
});

test("a network too large for the CPU is refused in one sentence, and the run stays", async ({ lab }) => {
  await lab.open("?backend=cpu");
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  await lab.set("Hidden layers", "65536, 65536");
  await lab.press("Reset");
  await expect(lab.page.getByText(/weights, but the CPU takes at most \d+: choose fewer/)).toBeVisible();
  expect(await lab.figure("step")).toBe(1);
});

for (const { what, prelude, reason } of [
  { what: "WebGPU", prelude: noGpu, reason: "This browser does not offer WebGPU." },
  { what: "an adapter", prelude: noAdapter, reason: "WebGPU is available, but no GPU adapter was found." },
]) {
  test(`without ${what} the CPU computes, and the page says why and what to do`, async ({ lab }) => {
    await inWorker(lab.page, prelude);
    await lab.open();
    await expect(computesOn(lab)).toContainText(`Computes on the CPU: ${reason}`);
    await lab.press("Step");
    await expect(lab.page.locator("#step")).toHaveText("1");

    const help = lab.page.getByText("hardware acceleration");
    await expect(help).toBeHidden();
    await lab.page.getByText("How to get the GPU").click();
    await expect(help).toBeVisible();
    for (const browser of ["Chrome or Edge.", "Safari.", "Firefox."]) {
      await expect(lab.page.getByText(browser, { exact: true })).toBeVisible();
    }
  });
}

test("?backend=gpu without an adapter says why, and offers the CPU", async ({ lab }) => {
  await inWorker(lab.page, noAdapter);
  await lab.page.goto("/?backend=gpu");
  await expect(lab.page.getByRole("alert")).toHaveText("WebGPU is available, but no GPU adapter was found.");
  await expect(lab.page.getByText("hardware acceleration")).toBeVisible();
  await lab.page.getByRole("link", { name: "Use the CPU instead" }).click();
  await lab.ready();
  await expect(computesOn(lab)).toContainText("Computes on the CPU");
});

test("a software GPU says what it is; the links to the CPU and back keep the address", async ({ lab }) => {
  await lab.open("?kernels=tile8");
  const toCpu = lab.page.getByRole("link", { name: "Use the CPU instead" });
  const software = await lab.page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    return (
      adapter?.info.isFallbackAdapter ||
      /swiftshader|llvmpipe/i.test(JSON.stringify(adapter?.info.architecture))
    );
  });
  if (!software) {
    await expect(toCpu).toHaveCount(0);
    return;
  }
  await expect(computesOn(lab)).toContainText("This is a software GPU");
  await lab.set("Epochs", "7");
  await expect(lab.page.locator("#epoch + small")).toHaveText(" of 7");
  await expect.poll(() => new URL(lab.page.url()).hash).not.toBe("");
  const { hash } = new URL(lab.page.url());

  await toCpu.click();
  await expect(computesOn(lab)).toContainText("Computes on the CPU");
  const cpu = new URL(lab.page.url());
  expect(Object.fromEntries(cpu.searchParams)).toEqual({ kernels: "tile8", backend: "cpu" });
  expect(cpu.hash).toBe(hash);
  await lab.ready();
  await expect(lab.page.locator("#epoch + small")).toHaveText(" of 7");

  await lab.page.getByRole("link", { name: "Use the GPU" }).click();
  await expect(computesOn(lab)).toContainText("This is a software GPU");
  expect(Object.fromEntries(new URL(lab.page.url()).searchParams)).toEqual({ kernels: "tile8" });
});
