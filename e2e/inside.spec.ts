import type { Locator } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";
import { drawnOn, drawnOne } from "./support/parts.ts";

const inside = ({ page }: Lab) => page.getByRole("region", { name: "Inside the network", exact: true });

/** Opens or closes "Inside the network". */
const toggle = (section: Locator) => section.getByText("Inside the network", { exact: true }).click();

const openTab = (section: Locator, name: string) => section.getByRole("tab", { name, exact: true }).click();

/** Starts a new run with these settings, in the form in which the page writes them into its address. */
async function restart(lab: Lab, settings: string): Promise<void> {
  await lab.page.evaluate(
    (hash) =>
      new Promise<void>((resolve) => {
        window.addEventListener("hashchange", () => resolve(), { once: true });
        window.location.hash = hash;
      }),
    settings,
  );
  await lab.press("Reset");
  await lab.ready();
}

async function step(lab: Lab): Promise<void> {
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
}

test.describe("on the GPU", () => {
  test.use({ engine: "gpu" });

  test("the weights are shown, points of the latent space are decoded, and the decoder follows a path from one code to another", async ({
    lab,
  }) => {
    await lab.open("hidden=16&batch=32&epochs=2");
    await lab.press("Train");
    await lab.finished();
    const section = inside(lab);
    await toggle(section);
    await test.step("the weights of the encoder and the decoder; the arrow keys move between units and between tabs", () =>
      lookAtWeights(section));
    await test.step("a point of the latent space, chosen by a click and by the keys", () =>
      decodePlaces(lab, section));
    await test.step("the decoder on the path from A to B, and with a value changed by hand", () =>
      goAlong(section));
    await openTab(section, "Codes");
    await expect(section.locator("#dead-units")).toContainText(/\b16 units\b/);
  });
});

async function lookAtWeights(section: Locator): Promise<void> {
  const units = section.getByRole("button", { name: /^Unit \d+, −?[\d.]+ to −?[\d.]+$/ });
  await expect(units).toHaveCount(16);
  const encoder = await drawnOn(units.locator("canvas"));
  expect(new Set(encoder).size).toBe(16);
  await units.nth(1).click();
  await expect(section.getByRole("img", { name: "Weights of unit 2" })).toBeVisible();
  await section.getByRole("radio", { name: "Decoder, last layer" }).check();
  await expect.poll(() => drawnOn(units.locator("canvas"))).not.toEqual(encoder);
  await units.nth(1).press("ArrowRight");
  await expect(units.nth(2)).toBeFocused();
  await section.getByRole("tab", { name: "Weights" }).press("ArrowRight");
  await expect(section.getByRole("tab", { name: "Latent space" })).toBeFocused();
}

async function decodePlaces(lab: Lab, section: Locator): Promise<void> {
  await openTab(section, "Latent space");
  const plot = section.getByRole("button", { name: /^Latent space: the arrow keys/ });
  const image = section.getByRole("figure", { name: "The image pointed at" });
  const decoded = section.getByRole("figure", { name: "The place decoded" });

  // From a corner to the middle, where a point is in reach.
  await plot.hover({ position: { x: 5, y: 5 } });
  await expect(image).toContainText("Point at an image to see it.");
  await pointAtSome(plot, image);
  await expect(image).toContainText(/Digit \d image \d+/);
  await expect(image.getByRole("img", { name: "clean" })).toBeVisible();

  await plot.click({ position: { x: 200, y: 150 } });
  const picture = decoded.getByRole("img", { name: "decoded" });
  const clicked = await drawnOne(picture);
  await plot.focus();
  for (let time = 0; time < 4; time++) await lab.page.keyboard.press("Shift+ArrowRight");
  await lab.page.keyboard.press("Enter");
  await expect.poll(() => drawnOne(picture)).not.toBe(clicked);
  // The opposite path shows the earlier picture.
  for (let time = 0; time < 4; time++) await lab.page.keyboard.press("Shift+ArrowLeft");
  await lab.page.keyboard.press("Enter");
  await expect.poll(() => drawnOne(picture)).toBe(clicked);

  const only = section.getByRole("button", { name: "Plot only the digit 3" });
  const points = plot.locator("canvas");
  const all = await drawnOne(points);
  await only.click();
  await expect(only).toHaveAttribute("aria-pressed", "true");
  expect(await drawnOne(points)).not.toBe(all);
}

async function goAlong(section: Locator): Promise<void> {
  await openTab(section, "Decoder");
  const picture = section.getByRole("figure", { name: "The code decoded" }).getByRole("img");
  const strip = section.getByRole("button", { name: /^\d+ % of the way$/ });
  const slider = section.getByRole("slider", { name: "Along the way from A to B" });
  await expect(strip).toHaveCount(9);
  await section.getByRole("combobox", { name: "Digit of A" }).selectOption("Digit 1");
  await section.getByRole("combobox", { name: "Digit of B" }).selectOption("Digit 0");
  await section.getByRole("button", { name: "Another image for B" }).click();

  // The picture at the slider's position equals that of the strip.
  for (const [percent, index] of [
    [0, 0],
    [100, 8],
    [50, 4],
  ] as const) {
    await slider.fill(String(percent));
    await expect(strip.nth(index)).toHaveAttribute("aria-pressed", "true");
    await expect
      .poll(async () => (await drawnOn(picture))[0] === (await drawnOn(strip.locator("canvas")))[index])
      .toBe(true);
  }
  expect(new Set(await drawnOn(strip.locator("canvas"))).size).toBe(9);

  const middle = await drawnOn(picture);
  const values = section.getByRole("slider", { name: /^Unit \d+/ });
  await expect(values).toHaveCount(8);
  await values.first().fill("0");
  await expect(section.getByText("1 value changed by hand")).toBeVisible();
  await expect.poll(() => drawnOn(picture)).not.toEqual(middle);
  await section.getByRole("button", { name: "Back to the path" }).click();
  await expect.poll(() => drawnOn(picture)).toEqual(middle);
}

test("dead units are named, a residual network reports that it cannot decode, and an open view follows the training", async ({
  lab,
}) => {
  // A step so large that it pushes many units below 0 permanently.
  await lab.open("hidden=16&batch=32&lr=300");
  await step(lab);
  const section = inside(lab);
  await toggle(section);
  await test.step("units that are never active are reported as dead", () => countDeadUnits(section));

  await test.step("a residual network shows its codes, and reports that it cannot decode them", async () => {
    await restart(lab, "hidden=8&batch=32&output=residual&loss=mse");
    await step(lab);
    await openTab(section, "Latent space");
    await section.getByRole("button", { name: /^Latent space: the arrow keys/ }).click();
    await expect(section.getByText("a place alone cannot be decoded")).toBeVisible();
    await expect(section.getByRole("figure")).toHaveCount(1);
    await openTab(section, "Decoder");
    await expect(section.getByText("A residual network has no separate decoder")).toBeVisible();
    await expect(section.getByRole("slider")).toHaveCount(0);
    await expect(section.locator(".notice")).toHaveCount(0);
  });

  await restart(lab, "hidden=8&batch=32&epochs=100000");
  await test.step("an open view follows the training, and a closed one is removed", () =>
    followTraining(lab));
  await test.step("a new run with another network is shown untrained", async () => {
    await toggle(section);
    await openTab(section, "Codes");
    await expect(section.getByText(/of 8 units|the 8 units/)).toBeVisible();
    await lab.set("Hidden layers", "100, 2, 100");
    await lab.press("Reset");
    await lab.ready();
    await expect(section.getByText(/of 2 units|the 2 units/)).toBeVisible();
    await openTab(section, "Latent space");
    await expect(section.getByText(/value 2 of the code, (< )?\d+ % of the variance/)).toBeVisible();
    await openTab(section, "Weights");
    await expect(section.getByText("units 1 to 64 of 100")).toBeVisible();
    await section.getByRole("button", { name: "Units after these" }).click();
    await expect(section.getByText("units 65 to 100 of 100")).toBeVisible();
    await expect(section.getByRole("button", { name: /^Unit 100, / })).toBeVisible();
  });
});

async function countDeadUnits(section: Locator): Promise<void> {
  await openTab(section, "Codes");
  const sentence = section.getByText(/^\d+ of 16 units (is|are) dead: never above 0 on \d+ images\.$/);
  await expect(sentence).toBeVisible();
  const dead = Number.parseInt(await sentence.innerText(), 10);

  // The slider has all units, and its text counts the same number as dead.
  const slider = section.getByRole("slider", { name: "Unit of the code" });
  await slider.focus();
  await slider.press("Home");
  let found = 0;
  for (let unit = 1; unit <= 16; unit++) {
    await expect(slider).toHaveAttribute("aria-valuetext", new RegExp(`^unit ${unit}, `));
    found += Number((await slider.getAttribute("aria-valuetext"))?.endsWith(", dead"));
    await slider.press("ArrowRight");
  }
  expect(found).toBe(dead);
  expect(dead).toBeGreaterThan(0);
}

async function followTraining(lab: Lab): Promise<void> {
  const section = inside(lab);
  await openTab(section, "Weights");
  const weights = section.getByRole("button", { name: /^Unit \d+, / }).locator("canvas");
  await expect(weights).toHaveCount(8);
  const untrained = await drawnOn(weights);
  await lab.press("Train");
  await expect.poll(() => drawnOn(weights)).not.toEqual(untrained);
  await openTab(section, "Latent space");
  const points = section.getByRole("button", { name: /^Latent space: the arrow keys/ }).locator("canvas");
  const once = await drawnOne(points);
  await expect.poll(() => drawnOne(points)).not.toBe(once);
  await toggle(section);
  await expect(section.getByRole("tab")).toHaveCount(0);
  await lab.press("Pause");
  await expect(lab.page.getByText("Paused")).toBeVisible();
}

/** Moves the pointer over the plot until it reaches an image. */
async function pointAtSome(plot: Locator, image: Locator): Promise<void> {
  const { width, height } = (await plot.boundingBox()) ?? { width: 0, height: 0 };
  for (let across = 0.3; across < 0.8; across += 0.05) {
    await plot.hover({ position: { x: across * width, y: height / 2 } });
    if ((await image.getByRole("img").count()) > 0) return;
  }
}
