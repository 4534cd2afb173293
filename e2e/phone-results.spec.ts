import type { Locator, Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";
import { boxOf, drawnOn, drawnOne } from "./support/parts.ts";
import { card, expectNoOverflow, openSettings, phone, tapButton, tapUntil } from "./support/phone.ts";
import { shapeFiles } from "./support/shapes.ts";
import { strokeByTouch } from "./support/strokes.ts";

test.use({ ...phone, filters: true });

test("on a phone a run on the user's images is read, inspected and compared with another, by touch", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("hidden=24&batch=8&epochs=6&optimizer=adam&lr=0.01");
  await test.step("a hundred small shapes are used", () => useShapes(lab));
  await test.step("results appear during the training", () => train(lab));
  await test.step("a tap shows an epoch's values, and a drag zooms into epochs", () => touchLossChart(lab));
  await expectNoOverflow(page);
  const inside = card(page, "Inside the network");
  await inside.getByText("Inside the network", { exact: true }).tap();
  await test.step("the weights of a unit", () => touchWeights(inside));
  await test.step("a tap shows an image of the latent space, and decodes its position", () =>
    touchLatentSpace(page, inside));
  await test.step("the decoder follows a path from one code to another", () => touchDecoder(inside));
  await test.step("units that are never active are counted", () => touchCodes(inside));
  await expectNoOverflow(page);
  await test.step("another run is compared with it", () => compareRuns(lab));
  await expect(page.getByText("Every classical filter is at its best strength")).toBeVisible();
  await expectNoOverflow(page);
});

async function useShapes(lab: Lab): Promise<void> {
  const { page } = lab;
  await openSettings(page, "Data and noise");
  await page.getByLabel("Your own images").setInputFiles(shapeFiles());
  await expect(page.getByRole("button", { name: "Use them" })).toBeVisible();
  await expectNoOverflow(page);
  await tapButton(page, "Use them");
  await expect(page.getByRole("heading", { name: "Images it has never seen" })).toBeVisible();
  await lab.ready();
}

async function train(lab: Lab): Promise<void> {
  const { page } = lab;
  const untrained = await lab.pictures("denoised");
  await tapButton(page, "Train");
  await lab.finished();
  // Ten noisy images, the network's results, and the clean ones.
  for (const row of ["noisy", "denoised", "clean"] as const) expect(await lab.pictures(row)).toHaveLength(10);
  expect(await lab.pictures("denoised")).not.toEqual(untrained);
  expect(await lab.figure("mean-denoised")).toBeGreaterThan((await lab.figure("mean-noisy")) + 1);
  expect(await lab.figure("validation-loss")).toBeLessThan(0.3);
  expect(await lab.figure("speed")).toBeGreaterThan(0);
  await expect(page.locator("#time-left")).toHaveText("done");
}

async function touchLossChart(lab: Lab): Promise<void> {
  const { page } = lab;
  const loss = card(page, "Loss");
  const last = await lab.figure("legend-validation");
  await expect(loss.locator(".legend-epoch")).toHaveText("epoch 6");
  const box = await boxOf(page.getByRole("slider", { name: "Loss over the epochs" }).locator(".u-over"));
  const at = (epoch: number) => ({ x: box.x + ((epoch - 0.5) / 6) * box.width, y: box.y + 120 });
  await tapUntil(
    () => page.touchscreen.tap(at(2).x, at(2).y),
    () => expect(loss.locator(".legend-epoch")).toHaveText("epoch 2", { timeout: 1000 }),
  );
  expect(await lab.figure("legend-validation")).toBeGreaterThan(last);

  const all = loss.getByRole("button", { name: "All epochs" });
  await strokeByTouch(page, [at(2.6), at(4), at(5.4)]);
  await expect(all).toHaveAttribute("aria-disabled", "false");
  const table = loss.locator("details tbody tr");
  await tapUntil(
    () => loss.getByText("As a table").tap(),
    () => expect(table).toHaveCount(3, { timeout: 1000 }),
  );
  await all.tap();
  await expect(table).toHaveCount(6);
}

async function touchWeights(inside: Locator): Promise<void> {
  // A picture for each of 24 units of the encoder and of the decoder.
  const units = inside.getByRole("button", { name: /^Unit \d+, −?[\d.]+ to −?[\d.]+$/ });
  await expect(units).toHaveCount(24);
  const encoder = await drawnOn(units.locator("canvas"));
  expect(new Set(encoder).size).toBe(24);
  await units.nth(1).tap();
  await expect(inside.getByRole("img", { name: "Weights of unit 2" })).toBeVisible();
  await inside.getByRole("radio", { name: "Decoder, last layer" }).tap();
  await expect.poll(() => drawnOn(units.locator("canvas"))).not.toEqual(encoder);
}

async function touchLatentSpace(page: Page, inside: Locator): Promise<void> {
  await inside.getByRole("tab", { name: "Latent space" }).tap();
  await expect(inside.getByText(/principal component 1, \d+ % of the variance/)).toBeVisible();
  const colors = await inside
    .getByRole("button", { name: /^Plot only the label \d$/ })
    .evaluateAll((buttons) =>
      buttons.map((button) => getComputedStyle(button).getPropertyValue("--label-color")),
    );
  expect(new Set(colors).size).toBe(4);

  const box = await boxOf(inside.getByRole("button", { name: /^Latent space: the arrow keys/ }));
  const tapAt = (across: number, down: number) =>
    page.touchscreen.tap(box.x + across * box.width, box.y + down * box.height);
  const decoded = inside.getByRole("figure", { name: "The place decoded" }).getByRole("img");
  await tapAt(0.5, 0.5);
  const middle = await drawnOne(decoded);
  await tapAt(0.1, 0.1);
  await expect.poll(() => drawnOne(decoded)).not.toBe(middle);

  const pointed = inside.getByRole("figure", { name: "The image pointed at" });
  for (const [across, down] of everywhere()) {
    if ((await pointed.getByRole("img").count()) > 0) break;
    await tapAt(across, down);
  }
  await expect(pointed).toContainText(/Label [0-3] image \d+/);
  await expect(pointed.getByRole("img", { name: "clean" })).toBeVisible();
}

async function touchDecoder(inside: Locator): Promise<void> {
  await inside.getByRole("tab", { name: "Decoder" }).tap();
  const picture = inside.getByRole("figure", { name: "The code decoded" }).getByRole("img");
  await inside.getByRole("combobox", { name: "Label of A" }).selectOption("Label 0");
  await inside.getByRole("combobox", { name: "Label of B" }).selectOption("Label 3");
  const way = inside.getByRole("slider", { name: "Along the way from A to B" });
  const place = (percent: number) =>
    inside.getByRole("button", { name: `${percent} % of the way`, exact: true });
  await place(0).tap();
  await expect(place(0)).toHaveAttribute("aria-pressed", "true");
  await expect(way).toHaveValue("0");
  const start = await drawnOne(picture);
  await place(100).tap();
  await expect(way).toHaveValue("100");
  await expect.poll(() => drawnOne(picture)).not.toBe(start);
}

async function touchCodes(inside: Locator): Promise<void> {
  await inside.getByRole("tab", { name: "Codes" }).tap();
  await expect(inside.locator("#dead-units")).toContainText(/\b24 units\b/);
  await expect(inside.getByRole("slider", { name: "Unit of the code" })).toHaveAttribute(
    "aria-valuetext",
    /^unit 1, (dead|active on \d+ %)/,
  );
}

async function compareRuns(lab: Lab): Promise<void> {
  const { page } = lab;
  const list = page.getByRole("list", { name: "Kept runs" });
  const first = await list.locator("strong").innerText();
  await openSettings(page, "Training");
  await lab.set("Seed", "7");
  // A step is an epoch, after which a run is stored.
  await lab.set("Batch", "80");
  await tapButton(page, "Reset");
  await lab.ready();
  await tapButton(page, "Step");
  const items = list.getByRole("listitem");
  await expect(items).toHaveCount(2);

  await page.locator("label", { has: page.getByLabel(`Show ${first} in the charts`) }).tap();
  await expect(card(page, "Loss").locator(".legend-run")).toContainText(first);
  const differing = page.getByRole("table", { name: "Settings that differ" });
  await expect(differing.getByRole("rowheader")).toHaveText(["Batch", "Seed"]);
  await expect(differing.locator("mark")).toHaveText(["8", "0"]);

  await items
    .first()
    .getByRole("button", { name: /^Actions for / })
    .tap();
  await tapButton(items.first(), "Rename");
  await expect(page.getByRole("textbox", { name: /^New name of / })).toBeVisible();
  const heights = await items
    .first()
    .getByRole("button")
    .evaluateAll((found) => found.map((button) => button.getBoundingClientRect().height));
  expect(heights.length).toBeGreaterThan(5);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
}

/** Positions all over a plot, as fractions of its sides. */
function* everywhere(): Generator<readonly [number, number]> {
  for (let down = 0.1; down < 1; down += 0.08)
    for (let across = 0.1; across < 1; across += 0.08) yield [across, down];
}
