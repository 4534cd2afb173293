import type { Locator } from "@playwright/test";
import { holdFilters } from "./support/hold-filters.ts";
import { expect, type Lab, test } from "./support/page.ts";
import { shapeFiles } from "./support/shapes.ts";
import { expectStill } from "./support/stands-still.ts";

const lossChart = (lab: Lab) => lab.page.getByRole("slider", { name: "Loss over the epochs" });
const qualityChart = (lab: Lab) => lab.page.getByRole("slider", { name: "Quality over the epochs" });

/** The card with this title. */
const card = (lab: Lab, title: string) =>
  lab.page.locator("section.card", { has: lab.page.getByRole("heading", { name: title, exact: true }) });

/** The contents of a canvas, as a data address. */
const drawn = (chart: Locator) =>
  chart.locator("canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

/** The rows of a card's "As a table", after opening it. */
async function tableRows(lab: Lab, title: string): Promise<string[][]> {
  const place = card(lab, title);
  await place.getByText("As a table").click();
  const rows = place.locator("details tbody tr");
  await expect(rows.first()).toBeVisible();
  const texts = await rows.evaluateAll((found) =>
    found.map((row) => [...row.children].map((cell) => cell.textContent ?? "")),
  );
  await place.getByText("As a table").click();
  return texts;
}

// The results come from the filters, from the first to the last. During a run on a GPU the filters look for a GPU too.
test.use({ engine: "gpu", filters: true });

test("charts show the epochs of a run, its network is compared with every classical filter, and Try it does not move as their results appear", async ({
  lab,
}) => {
  const { page } = lab;
  await page.setViewportSize({ width: 1400, height: 900 });
  const begin = await holdFilters(page);
  await lab.open("hidden=24&batch=8&epochs=6&optimizer=adam&lr=0.01");
  // For images this small, filters are tuned quickly.
  await page.getByLabel("Your own images").setInputFiles(shapeFiles());
  await page.getByRole("button", { name: "Use them" }).click();
  await expect(page.getByText("144 → 24 → 144")).toBeVisible();
  await lab.ready();
  await test.step("on a desktop nothing in Try it moves as results appear", () => expectStill(page, begin));
  await lab.press("Train");
  await lab.finished();
  await test.step("an epoch's losses are shown by mouse and by keys, and all losses in the table", () =>
    pointAtEpochs(lab));
  await test.step("the loss axis can be logarithmic", () => changeAxis(lab));
  await test.step("a drag zooms; the button, Escape and a double click show all epochs again", () =>
    zoom(lab));
  await test.step("the network is compared with the noise alone and every classical filter", () =>
    compareWithFilters(lab));
  await test.step("filters are tuned again for another noise, also on a phone, but not for another network", () =>
    tuneAgain(lab));
});

async function pointAtEpochs(lab: Lab): Promise<void> {
  const chart = lossChart(lab);
  await expect(chart).toHaveAttribute("aria-valuetext", /^epoch 6: training 0\.\d+, validation 0\.\d+$/);
  const rows = await tableRows(lab, "Loss");
  expect(rows.map(([epoch]) => epoch)).toEqual(["1", "2", "3", "4", "5", "6"]);
  const legend = async () => [
    (await card(lab, "Loss").locator(".legend-epoch").innerText()).replace("epoch ", ""),
    await lab.page.locator("#legend-training").innerText(),
    await lab.page.locator("#legend-validation").innerText(),
  ];
  expect(await legend()).toEqual(rows[5]?.slice(0, 3));

  await chart.focus();
  await lab.page.keyboard.press("ArrowLeft");
  await expect.poll(legend).toEqual(rows[4]?.slice(0, 3));
  await expect(chart).toHaveAttribute(
    "aria-valuetext",
    `epoch 5: training ${rows[4]?.[1]}, validation ${rows[4]?.[2]}`,
  );
  await lab.page.keyboard.press("Home");
  await expect.poll(legend).toEqual(rows[0]?.slice(0, 3));
  await lab.page.keyboard.press("ArrowLeft");
  await expect.poll(legend).toEqual(rows[0]?.slice(0, 3));
  await lab.page.keyboard.press("End");
  await expect.poll(legend).toEqual(rows[5]?.slice(0, 3));
  await chart.blur();

  // Six epochs divide the plot's width evenly.
  const over = chart.locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (!box) throw new Error("The chart is not to be seen.");
  await lab.page.mouse.move(box.x + (1.5 / 6) * box.width, box.y + 100);
  await expect.poll(legend).toEqual(rows[1]?.slice(0, 3));
  await lab.page.mouse.move(0, 0);
  await expect.poll(legend).toEqual(rows[5]?.slice(0, 3));
}

async function changeAxis(lab: Lab): Promise<void> {
  const linear = await drawn(lossChart(lab));
  await lab.page.getByRole("radio", { name: "Log", exact: true }).check();
  await expect.poll(() => drawn(lossChart(lab))).not.toBe(linear);
  await expect(lossChart(lab)).toHaveAttribute("aria-valuetext", /^epoch 6: /);
  await lab.page.getByRole("radio", { name: "Linear", exact: true }).check();
  await expect.poll(() => drawn(lossChart(lab))).toBe(linear);
}

async function zoom(lab: Lab): Promise<void> {
  const chart = lossChart(lab);
  const all = lab.page.getByRole("button", { name: "All epochs" }).first();
  const shown = async () => (await tableRows(lab, "Loss")).map(([epoch]) => Number(epoch));
  await expect(all).toHaveAttribute("aria-disabled", "true");

  await dragOver(lab, chart, 1.6 / 6, 4.4 / 6);
  await expect(all).toHaveAttribute("aria-disabled", "false");
  expect(await shown()).toEqual([2, 3, 4, 5]);
  await all.click();
  expect(await shown()).toEqual([1, 2, 3, 4, 5, 6]);

  await chart.focus();
  await lab.page.keyboard.press("+");
  const near = await shown();
  expect(near.length).toBeLessThan(6);
  expect(near).toContain(6);
  await chart.focus();
  await lab.page.keyboard.press("Escape");
  expect(await shown()).toHaveLength(6);

  await card(lab, "Loss").getByRole("button", { name: "Zoom in" }).click();
  expect((await shown()).length).toBeLessThan(6);
  await chart.locator(".u-over").dblclick();
  expect(await shown()).toHaveLength(6);
}

/** The table that compares the network with the filters. */
const levelsOf = (lab: Lab) =>
  card(lab, "Quality").getByRole("table", { name: "The network beside the classical filters" });

async function compareWithFilters(lab: Lab): Promise<void> {
  const levels = levelsOf(lab);
  for (const name of [
    "BM3D",
    "non-local means",
    "wavelet",
    "total variation",
    "Gaussian",
    "bilateral",
    "sliding-window DCT",
    "median",
    "nothing: the noisy images",
    "the network",
  ]) {
    await expect(levels.getByRole("rowheader", { name, exact: true })).toBeVisible();
  }
  const scores = async (column: number) => {
    const cells = await levels
      .locator("tbody tr")
      .evaluateAll(
        (rows, place) => rows.map((row) => Number.parseFloat(row.children[place]?.textContent ?? "")),
        column,
      );
    expect(cells).toHaveLength(10);
    return cells;
  };
  const psnrs = await scores(1);
  expect(psnrs).toEqual([...psnrs].sort((a, b) => b - a));
  const noisy = Number(await levels.locator("[data-level=noisy] td").first().innerText());
  expect(Math.min(...psnrs)).toBe(noisy);
  // Clipped Gaussian noise of factor 0.5 has a mean squared error of about 0.115.
  expect(noisy).toBeGreaterThan(9);
  expect(noisy).toBeLessThan(10);
  const own = await levels.locator("[data-level=network] td").first().innerText();
  expect(await lab.page.locator("#legend-quality").innerText()).toBe(own);
  const rows = await tableRows(lab, "Quality");
  expect(rows.at(-1)?.slice(0, 2)).toEqual(["6", own]);
  // The first scored epoch that is better than the noise; in a fast run not every epoch is scored.
  const better = rows.find(([, psnr]) => Number(psnr) >= noisy)?.[0];
  await expect(levels.locator("[data-level=noisy] td").last()).toHaveText(better ?? "none");
  // For the same images as the validation's PSNR.
  expect(Math.abs(Number(own) - (await lab.figure("validation-psnr")))).toBeLessThan(1);

  const byPsnr = await drawn(qualityChart(lab));
  await lab.page.getByRole("radio", { name: "SSIM" }).check();
  await expect.poll(() => drawn(qualityChart(lab))).not.toBe(byPsnr);
  expect(await lab.page.locator("#legend-quality").innerText()).toBe(rows.at(-1)?.[2]);
  const ssims = await scores(2);
  expect(ssims).toEqual([...ssims].sort((a, b) => b - a));
  await qualityChart(lab).focus();
  await expect(qualityChart(lab)).toHaveAttribute("aria-valuetext", /^epoch 6: SSIM 0\.\d{3}$/);
}

async function tuneAgain(lab: Lab): Promise<void> {
  const { page } = lab;
  const score = levelsOf(lab)
    .getByRole("row", { name: /^Gaussian/ })
    .getByRole("cell")
    .first();
  const strong = await score.innerText();
  await lab.press("Reset");
  await lab.set("Hidden layers", "16");
  await lab.ready();
  await expect(score).toHaveText(strong);
  const begin = await holdFilters(page);
  await lab.set("Factor of Gaussian noise", "0.2");
  await expect(score).toHaveText("–");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Clear" }).click();
  await expectStill(page, begin);
  expect(Number(await score.innerText())).toBeGreaterThan(Number(strong) + 2);
}

/** Drags over a chart's plot, from one fraction of its width to another. */
async function dragOver(lab: Lab, chart: Locator, from: number, to: number): Promise<void> {
  const over = chart.locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (!box) throw new Error("The chart is not to be seen.");
  await lab.page.mouse.move(box.x + from * box.width, box.y + 100);
  await lab.page.mouse.down();
  await lab.page.mouse.move(box.x + ((from + to) / 2) * box.width, box.y + 110, { steps: 4 });
  await lab.page.mouse.move(box.x + to * box.width, box.y + 110, { steps: 4 });
  await lab.page.mouse.up();
}
