import { expect, inWorker } from "../support/page.ts";
import { desktop, phone, tour } from "../support/tour.ts";

const noGpu = `Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });`;

const settings = "hidden=8&batch=128&epochs=1";

// Nothing in the address asks for the CPU.
tour(
  "a browser without WebGPU computes on the CPU, and the page says how to get the GPU",
  [{ ...phone, engine: "gpu" }],
  async (visitor, lab) => {
    const { page } = visitor;
    await inWorker(page, noGpu);
    await lab.open(settings);
    await expect(page.locator(".adapter")).toContainText(
      "Computes on the CPU: This browser does not offer WebGPU.",
    );
    const help = page.getByText("hardware acceleration");
    await expect(help).toBeHidden();
    await visitor.press(page.getByText("How to get the GPU"));
    await expect(help).toBeVisible();
    for (const browser of ["Chrome or Edge.", "Safari.", "Firefox."])
      await expect(page.getByText(browser, { exact: true })).toBeVisible();
    await visitor.train();
  },
);

tour("a software GPU offers the CPU, which does the same work", [desktop], async (visitor, lab) => {
  const { page } = visitor;
  const computesOn = page.locator(".adapter");
  await page.goto(`/?kernels=tile8#${settings}`);
  await lab.ready();
  await expect(computesOn).not.toContainText("CPU:");
  await visitor.train();
  const [loss, psnr] = [await lab.figure("validation-loss"), await lab.figure("validation-psnr")];
  // Only an adapter in software has the CPU offered.
  if (process.env.UNSNOW_GPU === "native") return;
  await expect(computesOn).toContainText("This is a software GPU");
  await visitor.press(page.getByRole("link", { name: "Use the CPU instead" }));
  await expect(computesOn).toContainText("Computes on the CPU: the page's address asks for it.");
  const { hash, searchParams } = new URL(page.url());
  expect(hash).toBe(`#${settings}`);
  expect(Object.fromEntries(searchParams)).toEqual({ kernels: "tile8", backend: "cpu" });
  await lab.ready();
  await visitor.train();
  // What they differ by is rounding, of which one unit of the last digit that is shown may be left.
  expect(Math.abs((await lab.figure("validation-loss")) - loss)).toBeLessThan(1.5e-4);
  expect(Math.abs((await lab.figure("validation-psnr")) - psnr)).toBeLessThan(0.015);
  await visitor.press(page.getByRole("link", { name: "Use the GPU" }));
  await expect(computesOn).toContainText("This is a software GPU");
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ kernels: "tile8" });
});
