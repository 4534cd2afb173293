import type { Locator } from "@playwright/test";
import { findings } from "./support/findings.ts";
import { expect, type Lab, test } from "./support/page.ts";
import { drawnOn, drawnOne } from "./support/parts.ts";

const inside = ({ page }: Lab) => page.getByRole("region", { name: "Inside the network", exact: true });

const openTab = (section: Locator, name: string) => section.getByRole("tab", { name, exact: true }).click();

test("convolutions are chosen, train, and show their kernels, their channels and their latent space", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("epochs=6&batch=32&optimizer=adam");
  const section = inside(lab);
  await section.getByText("Inside the network", { exact: true }).click();
  await expect(section.getByRole("tab")).toHaveText(["Weights", "Latent space", "Decoder", "Codes"]);
  await page.getByRole("radio", { name: "Convolutions", exact: true }).check();
  const layers = page.getByLabel("Hidden layers", { exact: true });
  await expect(layers).toHaveValue("conv:16/2, conv:8/2, up:8, up:16");
  await expect(page.getByText("28x28 conv:16/2, conv:8/2, up:8, up:16")).toBeVisible();
  await expect(page.getByText("code size 392, 3,217 weights")).toBeVisible();
  await lab.ready();
  await openTab(section, "Channels");
  const channel = section.getByRole("button", { name: /^Channel \d+, / });
  await expect(channel).toHaveCount(16 + 8 + 8 + 16 + 1);
  const untrained = await drawnOn(channel.locator("canvas"));
  const before = await lab.pictures("denoised");
  await lab.press("Train");
  await lab.finished();
  expect(await lab.figure("validation-loss")).toBeLessThan(0.6);
  expect(await lab.pictures("denoised")).not.toEqual(before);

  await test.step("an open view of the channels follows the training", () =>
    expect.poll(() => drawnOn(channel.locator("canvas"))).not.toEqual(untrained));
  await test.step("a channel is pointed at, and its kernels lead to the layer before", () =>
    followChannels(section));
  await test.step("the channels are those of the chosen image", () => chooseImage(section));
  await test.step("the code is decoded", () => decode(section));
  await openTab(section, "Weights");
  await expect(section.getByRole("button", { name: /^Unit \d+, −?[\d.]+ to −?[\d.]+$/ })).toHaveCount(16);

  await openTab(section, "Channels");
  await page.getByRole("radio", { name: "Dense", exact: true }).check();
  await expect(layers).toHaveValue("32");
  await lab.press("Reset");
  await expect(section.getByRole("tab")).toHaveCount(4);
  await expect(section.getByRole("tab", { name: "Weights" })).toHaveAttribute("aria-selected", "true");
});

async function followChannels(section: Locator): Promise<void> {
  const second = section.getByRole("group", { name: "Channels of layer 2" });
  const third = second.getByRole("button", { name: /^Channel 3, / });
  await third.click();
  await expect(section.getByText("Layer 2, channel 3 of 8")).toBeVisible();
  await expect(section.getByText(/^16 kernels on the channels of layer 1/)).toBeVisible();
  const large = section.getByRole("img", { name: "Channel 3 of layer 2" });
  expect(await drawnOne(large)).toBe(await drawnOne(third.locator("canvas")));
  await third.press("ArrowRight");
  await expect(second.getByRole("button", { name: /^Channel 4, / })).toBeFocused();
  await expect(section.getByText("Layer 2, channel 4 of 8")).toBeVisible();

  await section.getByRole("button", { name: "Kernel on channel 12 of layer 1: go to that channel" }).click();
  await expect(section.getByText("Layer 1, channel 12 of 16")).toBeVisible();
  await expect(section.getByText(/^1 kernel on the image/)).toBeVisible();
  const twelfth = section
    .getByRole("group", { name: "Channels of layer 1" })
    .getByRole("button", { name: /^Channel 12, / });
  await expect(twelfth).toHaveAttribute("aria-pressed", "true");
}

async function chooseImage(section: Locator): Promise<void> {
  const images = section.getByRole("group", { name: "Noisy image" }).getByRole("button");
  const channels = section.getByRole("button", { name: /^Channel \d+, / }).locator("canvas");
  await expect(images).toHaveCount(10);
  const first = await drawnOn(channels);
  await images.nth(3).click();
  await expect.poll(() => drawnOn(channels)).not.toEqual(first);
  await images.nth(3).press("ArrowLeft");
  await expect(images.nth(2)).toHaveAttribute("aria-pressed", "true");
  await images.nth(0).click();
  await expect.poll(() => drawnOn(channels)).toEqual(first);
}

async function decode(section: Locator): Promise<void> {
  await openTab(section, "Latent space");
  await section.getByRole("button", { name: /^Latent space: the arrow keys/ }).click();
  const decoded = section.getByRole("figure", { name: "The place decoded" });
  await expect(decoded.getByRole("img", { name: "decoded" })).toBeVisible();
  await openTab(section, "Decoder");
  const strip = section.getByRole("button", { name: /^\d+ % of the way$/ }).locator("canvas");
  await expect(strip).toHaveCount(9);
  expect(new Set(await drawnOn(strip)).size).toBe(9);
  await openTab(section, "Codes");
  await expect(section.locator("#dead-units")).toContainText(/\b392 units\b/);
  await expect(section.locator(".notice")).toHaveCount(0);
}

test("the preset Photo trains on the digits, shows long layers in pages, and has no latent code; axe finds no fault", async ({
  lab,
}) => {
  const { page } = lab;
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open("hidden=8&batch=32");
  await page.locator("summary", { hasText: "Presets" }).click();
  await page.getByRole("button", { name: "Photo", exact: true }).click();
  await lab.ready();
  await expect(page.locator(".notice-failure, [aria-invalid=true]")).toHaveCount(0);
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");

  const section = inside(lab);
  await section.getByText("Inside the network", { exact: true }).click();
  await openTab(section, "Channels");
  const first = section.getByRole("region", { name: "1. conv:32 28 × 28 pixels" });
  await expect(first.getByText("channels 1 to 16 of 32")).toBeVisible();
  await first.getByRole("button", { name: "Channels after these" }).click();
  await expect(first.getByRole("button", { name: /^Channel 32, / })).toBeVisible();
  await expect(
    section.getByRole("heading", { name: /^8\. last layer: the noise to subtract/ }),
  ).toBeVisible();
  await expect(first.getByRole("button")).toHaveCount(16 + 2);

  for (const [width, height] of [
    [390, 844],
    [1280, 900],
    [320, 480],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await findings(page, { parts: ".inside" }), `${width} px, ${colorScheme}`).toEqual([]);
    }
    const sideways = () =>
      page.locator("html").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(await sideways(), `${width} px`).toBe(0);
  }
  for (const name of ["Latent space", "Decoder", "Codes"]) {
    await openTab(section, name);
    await expect(section.getByRole("tabpanel")).toHaveText(
      "The network 28x28 conv:32x7 has no latent code: none of its hidden layers has fewer values than an image and no skip from it or around it.",
    );
  }
  await expect(section.locator(".notice")).toHaveCount(0);
});
