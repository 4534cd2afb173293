import sharp from "sharp";
import { expect, inWorker, type Lab, test } from "./support/page.ts";

test.use({ engine: "gpu" });

const noAdapter = "GPU.prototype.requestAdapter = async () => null;";

/** The header's words on what computes. */
const computesOn = ({ page }: Lab) => page.locator(".adapter");

test("without an adapter the CPU computes, the page says why, and a picture is denoised while the run trains", async ({
  lab,
}) => {
  const { page } = lab;
  await inWorker(page, noAdapter);
  await lab.open("hidden=8&batch=32&epochs=100000");
  await expect(computesOn(lab)).toContainText(
    "Computes on the CPU: WebGPU is available, but no GPU adapter was found.",
  );
  const section = page.getByRole("region", { name: "Try it", exact: true });
  await section.getByRole("radio", { name: "A picture" }).check();
  const grey = { width: 60, height: 40, channels: 3, background: "#888" } as const;
  const buffer = await sharp({ create: grey }).png().toBuffer();
  await section
    .getByLabel("Picture", { exact: true })
    .setInputFiles({ name: "grey.png", mimeType: "image/png", buffer });
  await expect(section).toContainText("grey.png, 60 × 40 pixels");
  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);
  await section.getByRole("button", { name: "Denoise" }).click();
  await expect(section.getByRole("button", { name: "Download PNG" })).toBeVisible();
  await expect(section).toContainText(/by the run after .*\d+ (epoch|step)/);
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
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
