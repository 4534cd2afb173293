import sharp from "sharp";
import { expect, inWorker, type Lab, test } from "./support/page.ts";

const noAdapter = "GPU.prototype.requestAdapter = async () => null;";

/** The header's words on what computes. */
const computesOn = ({ page }: Lab) => page.locator(".adapter");

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

test("without an adapter the CPU computes, and the page says why", async ({ lab }) => {
  await inWorker(lab.page, noAdapter);
  await lab.open();
  await expect(computesOn(lab)).toContainText(
    "Computes on the CPU: WebGPU is available, but no GPU adapter was found.",
  );
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
});

test("?backend=gpu without an adapter says why, and offers the CPU", async ({ lab }) => {
  await inWorker(lab.page, noAdapter);
  await lab.page.goto("/?backend=gpu");
  await expect(lab.page.getByRole("alert")).toHaveText("WebGPU is available, but no GPU adapter was found.");
  await expect(lab.page.getByText("hardware acceleration")).toBeVisible();
  await lab.page.getByRole("link", { name: "Use the CPU instead" }).click();
  await lab.ready();
  await expect(computesOn(lab)).toContainText("Computes on the CPU");
});
