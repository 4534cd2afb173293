import type { Page } from "@playwright/test";
import { isolationHeaders } from "../vite/isolation-plugin.ts";
import { choosePictures, finished, noisyPicture } from "./support/denoised-pictures.ts";
import { haveCores } from "./support/isolated.ts";
import { keptRun } from "./support/kept-run.ts";
import { expect, inWorker, type Lab, smallRun, test } from "./support/page.ts";
import { boxOf } from "./support/parts.ts";
import { expectNoOverflow, phone } from "./support/phone.ts";
import { shownOn } from "./support/pixels.ts";
import { strokeByMouse } from "./support/strokes.ts";

const noAdapter = "GPU.prototype.requestAdapter = async () => null;";
const noGpu = `Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });`;

const settings = "hidden=8&batch=128&epochs=1";

/** The header's text about the backend. */
const computesOn = ({ page }: Lab) => page.locator(".adapter");

/** The text about the CPU, and why it computes. */
const onCpu = (why: string) => new RegExp(`Computes on the CPU \\(WebAssembly, .*\\d+ threads?\\): ${why}`);

/** Presses a link that reloads the page, and returns its address. */
async function follow({ page }: Lab, link: string, address: RegExp): Promise<URL> {
  await page.getByRole("link", { name: link }).click();
  await page.waitForURL(address, { waitUntil: "commit" });
  return new URL(page.url());
}

test("without a GPU the CPU computes, unless the address requests the GPU, and the page explains why and how to use one", async ({
  lab,
}) => {
  const { page } = lab;
  await page.setViewportSize(phone.viewport);
  const help = page.getByText("hardware acceleration");

  await test.step("?backend=gpu without an adapter explains why, and offers the CPU", async () => {
    await inWorker(page, noAdapter);
    await page.goto(`/?backend=gpu#${settings}`);
    await expect(page.getByRole("alert")).toHaveText("WebGPU is available, but no GPU adapter was found.");
    await expect(help).toBeVisible();
    await expectNoOverflow(page);
    await follow(lab, "Use the CPU instead", /backend=cpu/);
    await expect(computesOn(lab)).toHaveText(onCpu("the page's address asks for it\\."));
  });

  await test.step("without an adapter the CPU computes", async () => {
    // The address does not request the CPU.
    await follow(lab, "Use the GPU", /\/#/);
    await expect(computesOn(lab)).toHaveText(onCpu("WebGPU is available, but no GPU adapter was found\\."));
  });

  await test.step("without WebGPU the CPU computes", async () => {
    await page.unroute(/training-worker/);
    await inWorker(page, noGpu);
    await page.reload();
    await expect(computesOn(lab)).toHaveText(onCpu("This browser does not offer WebGPU\\."));
    await expect(page.getByRole("link", { name: "Use it instead" })).toBeHidden();
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

test("the CPU computes instead of a software GPU, which can be requested and gives the same results", async ({
  lab,
}) => {
  test.skip(process.env.UNSNOW_GPU === "native", "Only an adapter in software is replaced.");
  const { page } = lab;
  /** Trains, and returns the final figures of the run. */
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
  await expect(computesOn(lab)).toHaveText(
    onCpu("The only GPU adapter, .+, is software, which is slower\\."),
  );
  const cpu = await train();

  const { hash, searchParams } = await follow(lab, "Use it instead", /backend=gpu/);
  // A switch of the views has left out the setting that is the default.
  expect(hash).toBe("#hidden=8&epochs=1");
  expect(Object.fromEntries(searchParams)).toEqual({ kernels: "tile8", backend: "gpu" });
  await expect(computesOn(lab)).toContainText("This is a software GPU.");
  const gpu = await train();
  // The differences are rounding errors, of at most one unit in the last digit shown.
  expect(Math.abs(cpu.loss - gpu.loss)).toBeLessThan(1.5e-4);
  expect(Math.abs(cpu.psnr - gpu.psnr)).toBeLessThan(0.015);
  expect(Math.abs(cpu.shown - gpu.shown)).toBeLessThan(0.15);
  expect(cpu.tried).toHaveLength(gpu.tried.length);
  const differences = cpu.tried.map((grey, at) => Math.abs(grey - (gpu.tried[at] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThan(1.5 / 255);

  const back = await follow(lab, "Use the CPU instead", /backend=cpu/);
  expect(Object.fromEntries(back.searchParams)).toEqual({ kernels: "tile8", backend: "cpu" });
  await expect(computesOn(lab)).toHaveText(onCpu("the page's address asks for it\\."));
});

/** Denoises a drawing and a picture by the networks that come with the page, and returns the denoised picture. */
async function tryNetwork(page: Page): Promise<number[]> {
  const section = page.getByRole("region", { name: "Try it", exact: true });
  const shown = (name: string) => section.getByRole("img", { name, exact: true });
  const { x, y, width, height } = await boxOf(section.getByRole("application", { name: /^Drawing pad/ }));
  await strokeByMouse(page, [
    { x: x + 0.5 * width, y: y + 0.25 * height },
    { x: x + 0.5 * width, y: y + 0.75 * height },
  ]);
  await expect(shown("drawing, denoised")).toBeVisible();
  await expect(section).toContainText("Denoised by the network for digits: 784-64-784");
  await page.getByRole("link", { name: "Denoise", exact: true }).first().click();
  await choosePictures(page, [await noisyPicture("grainy.png", 60, 50)]);
  await finished(page);
  const denoised = (await shownOn(page.getByRole("img", { name: "after", exact: true }))).flat();
  await page.getByRole("link", { name: "Train", exact: true }).click();
  return denoised;
}

/** Serves the page as hosts without these headers do. */
async function withoutHeaders(page: Page): Promise<void> {
  const sent = Object.keys(isolationHeaders).map((name) => name.toLowerCase());
  await page.route(/\/(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    const headers = Object.entries(response.headers()).filter(([name]) => !sent.includes(name));
    await route.fulfill({ response, headers: Object.fromEntries(headers) });
  });
}

test("the number of threads in the address does not change the weights, and a page that is not isolated uses one thread", async ({
  lab,
}) => {
  const { page } = lab;
  await haveCores(page, 8);
  const oneOfEight = page.getByText("Only one of this computer's 8 cores computes.");
  /** The final weights of a run. */
  const train = async () => {
    await lab.ready();
    await lab.press("Train");
    await lab.finished();
    const model = async () => (await keptRun(page)).model?.epoch;
    await expect.poll(model).toBe(2);
    const { figures, model: kept } = await keptRun(page);
    return { figures, weights: kept?.bytes };
  };

  await page.goto(`/?backend=cpu&threads=2#${smallRun}`);
  await expect(page.locator("#adapter")).toHaveText(/, 2 threads\)$/);
  const two = await train();
  expect(two.weights?.length).toBeGreaterThan(50_000);

  await test.step("one requested thread is used without a remark", async () => {
    await page.goto(`/?backend=cpu&threads=1#${smallRun}`);
    await expect(page.locator("#adapter")).toHaveText(/, 1 thread\)$/);
    await expect(oneOfEight).toBeHidden();
    expect(await train()).toEqual(two);
  });

  await test.step("an invalid number of threads is named and ignored", async () => {
    await page.goto(`/?backend=cpu&threads=65#${smallRun}`);
    await expect(
      page.getByText('The address has a setting that cannot be used and was left out: "threads=65".'),
    ).toBeVisible();
    await lab.ready();
    await expect(oneOfEight).toBeHidden();
  });

  await test.step("in a page that is not isolated one thread computes, and the page reports this and the remedy", async () => {
    await withoutHeaders(page);
    await page.goto(`/?backend=cpu&threads=4#${smallRun}`);
    await expect(page.locator("#adapter")).toHaveText(/, 1 thread\)$/);
    await expect(oneOfEight).toBeVisible();
    await page.getByText("How to use all cores").click();
    await expect(page.getByText("Cross-Origin-Opener-Policy: same-origin")).toBeVisible();
    expect(await train()).toEqual(two);
  });
});

test("with ?profile the page shows the time of every kernel, and each launch on a track", async ({ lab }) => {
  const { page } = lab;
  await page.goto("/?backend=cpu&profile#hidden=8&batch=32");
  await lab.ready();
  await expect(page.getByText("Nothing has been measured yet: press Train or Step.")).toBeVisible();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  const section = page.getByRole("region", { name: "Time by kernel" });
  await expect(section.getByRole("rowheader", { name: "dense_forward" })).toBeVisible();
  await expect(section).toContainText("on a track named CPU kernels");
  expect(await lab.figure("kernel-time")).toBeGreaterThan(0);
  const launches = await page.evaluate(() =>
    performance.getEntriesByType("measure").map((entry) => ({
      name: entry.name,
      inTime: entry.startTime >= 0 && entry.startTime + entry.duration <= performance.now(),
      track: (entry as PerformanceMeasure).detail?.devtools?.track,
    })),
  );
  expect(launches.map(({ name }) => name)).toContain("dense_forward(0)");
  expect(launches.every(({ inTime, track }) => inTime && track === "CPU kernels")).toBe(true);
});
