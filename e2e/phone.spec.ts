import type { Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";
import { boxOf, drawnOn } from "./support/parts.ts";
import { card, expectNoOverflow, openSettings, phone, tapButton, tapUntil } from "./support/phone.ts";
import { shownOn } from "./support/pixels.ts";
import { strokeByTouch } from "./support/strokes.ts";

test.use(phone);

const groups = ["Presets", "Data and noise", "Network", "Training", "Optimizer"];

test("on a phone the settings are above the results and have descriptions, and a finger draws", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open();
  await test.step("inputs are above outputs", () => expectOrder(page));
  await test.step("a line under each setting describes it", () => expectExplained(page));
  await test.step("a finger draws, and the drawing is denoised", () => draw(page));
  await expectNoOverflow(page);
  await test.step("a tap on a preset sets its values", () => choosePresets(lab));
  await expectNoOverflow(page);
});

async function expectOrder(page: Page): Promise<void> {
  const order = ["Digits it has never seen", ...groups];
  const results = ["Loss", "Quality", "Runs", "Inside the network", "Try it"];
  const shown = async () => {
    const headings = await page.getByRole("heading", { level: 2 }).allInnerTexts();
    return headings.filter((text) => [...order, ...results].includes(text));
  };
  await expect.poll(shown).toEqual([...order, ...results]);
  const topOf = async (title: string) =>
    (await page.getByRole("heading", { name: title, exact: true, level: 2 }).boundingBox())?.y ?? Number.NaN;
  const tops = [];
  for (const title of ["Data and noise", "Network", "Training", "Optimizer", "Loss"])
    tops.push(await topOf(title));
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
}

async function expectExplained(page: Page): Promise<void> {
  for (const group of groups) await openSettings(page, group);
  const form = page.getByRole("form", { name: "Settings" });
  const unexplained = await form.locator("input, select, fieldset").evaluateAll((controls) =>
    controls.flatMap((control) => {
      const own = control.closest("fieldset, .setting, .setting-pair > div") ?? control;
      const helped = own.querySelector(".setting-help") ?? own.parentElement?.querySelector(".setting-help");
      return helped?.textContent ? [] : [control.outerHTML.slice(0, 100)];
    }),
  );
  expect(unexplained).toEqual([]);
}

async function draw(page: Page): Promise<void> {
  const tryIt = card(page, "Try it");
  const shown = (title: string) => tryIt.getByRole("img", { name: title, exact: true });
  const box = await boxOf(tryIt.getByRole("application", { name: /^Drawing pad/ }));
  const stroke = (points: readonly (readonly [number, number])[]) =>
    strokeByTouch(
      page,
      points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height })),
    );
  // A seven, and then its bar.
  await stroke([
    [0.3, 0.25],
    [0.7, 0.25],
    [0.45, 0.8],
  ]);
  await expect(shown("drawing, denoised")).toBeVisible();
  await expect(tryIt).toContainText("Denoised by the network for digits: 784-64-784");
  // If the browser had used the touch for scrolling, the stroke would have ended early.
  await expect.poll(async () => (await shownOn(shown("drawing")))[0]?.[22 * 28 + 12]).toBeGreaterThan(0.5);
  const seven = await drawnOn(shown("drawing, denoised"));
  await stroke([
    [0.4, 0.5],
    [0.7, 0.5],
  ]);
  await expect.poll(async () => (await shownOn(shown("drawing")))[0]?.[14 * 28 + 18]).toBeGreaterThan(0.5);
  await expect.poll(() => drawnOn(shown("drawing, denoised"))).not.toEqual(seven);
}

async function choosePresets(lab: Lab): Promise<void> {
  const { page } = lab;
  // The settings do not apply to a running run, so that none of these networks is built.
  await tapUntil(
    () => tapButton(page, "Step"),
    () => expect(page.locator("#step")).not.toHaveText("0", { timeout: 1000 }),
  );
  const field = (title: string) => page.getByLabel(title, { exact: true });
  const presets = page.getByRole("group", { name: "Presets" });
  const choose = async (name: string) => {
    const preset = presets.getByRole("button", { name, exact: true });
    await preset.tap();
    await expect(preset).toHaveAttribute("aria-pressed", "true");
  };
  for (const [name, hidden] of [
    ["Article", "64"],
    ["Wide", "1024"],
    ["Blind", "32"],
    ["Deep", "512, 128, 512"],
    ["Notebook", "32"],
  ] as const) {
    await choose(name);
    await expect(field("Hidden layers")).toHaveValue(hidden);
    if (name !== "Deep") continue;
    await expect(page.getByRole("radio", { name: "Adam" })).toBeChecked();
    await expect(page.getByRole("radio", { name: "Cosine" })).toBeChecked();
    await expect(field("Initialization")).toHaveValue("he");
  }
  await choose("Squared error");
  await expect(page.getByRole("radio", { name: "Squared error" })).toBeChecked();
  await choose("Keras 3");
  await expect(field("Learning rate")).toHaveValue("0.001");
  await expect(page.getByText(/^Learning rate 0.001, and why it fails: /)).toBeVisible();

  await lab.set("Seed", "5");
  await expect(presets.getByRole("button", { name: "Keras 3" })).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByText("Settings of your own.")).toBeVisible();
}
