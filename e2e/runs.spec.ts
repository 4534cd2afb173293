import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { parseModel } from "../src/formats/model-file.ts";
import { parseTrainingNote } from "../src/formats/training-note.ts";
import { parseRun } from "../src/lab/runs/run-file.ts";
import { formatCount } from "../src/lab/shared/format.ts";
import { denseLayers } from "../src/spec/layers.ts";
import { autoencoder, hiddenOf } from "../src/spec/network.ts";
import { dropFiles } from "./support/file-drops.ts";
import { keptRun } from "./support/kept-run.ts";
import { expect, type Lab, smallRun, test } from "./support/page.ts";

const list = (page: Page) => page.getByRole("list", { name: "Kept runs" });
const item = (page: Page, name: string) => list(page).getByRole("listitem", { name, exact: true });
const card = (page: Page, title: string) =>
  page.locator("section.card", { has: page.getByRole("heading", { name: title, exact: true }) });

const undo = (page: Page) => card(page, "Runs").getByRole("button", { name: "Undo" });

/** The names in the list, from top to bottom. */
const names = (page: Page) => list(page).locator("strong").allInnerTexts();

/** The row of the page's own run, after it is stored. */
const own = (page: Page) => list(page).locator("[data-current=true]");

/** Opens the page with these settings and trains to the end; the run is then stored under the returned name. */
async function trainRun(lab: Lab, settings: string): Promise<string> {
  await lab.open(settings);
  await lab.press("Train");
  await lab.finished();
  await expect(own(lab.page)).toBeVisible();
  return own(lab.page).locator("strong").innerText();
}

/** Presses a button among a run's actions. */
async function act(page: Page, run: string, action: string): Promise<void> {
  const place = item(page, run);
  const opener = place.getByRole("button", { name: `Actions for ${run}` });
  if ((await opener.getAttribute("aria-expanded")) === "false") await opener.click();
  await place.getByRole("button", { name: action, exact: true }).click();
}

/** Exports a run and reads the exported file. */
async function exported(page: Page, run: string, kind: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), act(page, run, kind)]);
  const path = await download.path();
  return { name: download.suggestedFilename(), bytes: await readFile(path) };
}

test("two runs are stored, compared, renamed, exported, deleted and restored, also after a reload", async ({
  lab,
}) => {
  const { page } = lab;
  const first = await trainRun(lab, "hidden=16&batch=202&epochs=3");
  expect(first).toBe("784-16-784, 3 epochs, batch 202");
  const firstLoss = await page.locator("#validation-loss").innerText();
  await lab.set("Hidden layers", "24");
  await lab.set("Epochs", "2");
  await lab.set("Seed", "7");
  await lab.press("Train");
  const second = "784-24-784, 2 epochs, batch 202, seed 7";
  await expect.poll(() => names(page)).toEqual([second, first]);
  await lab.finished();
  await expect(item(page, first)).toContainText("3 epochs");
  await expect(item(page, first)).toContainText(`loss ${firstLoss}`);
  await expect(item(page, second)).toContainText("current");
  await expect(item(page, first)).not.toContainText("current");

  await test.step("the curve of the first run, which is longer than the page's own, is in the charts", async () => {
    const chart = page.getByRole("slider", { name: "Loss over the epochs" });
    await expect(chart).toHaveAttribute("aria-valuemax", "2");
    await page.getByRole("checkbox", { name: `Show ${first} in the charts` }).check();
    await expect(chart).toHaveAttribute("aria-valuemax", "3");
    await expect(card(page, "Loss").locator(".legend-run")).toHaveText(`${first} ${firstLoss}`);
    await chart.focus();
    await page.keyboard.press("End");
    await expect(chart).toHaveAttribute("aria-valuetext", `epoch 3: ${first} ${firstLoss}`);
    await page.keyboard.press("ArrowLeft");
    await expect(chart).toHaveAttribute(
      "aria-valuetext",
      /^epoch 2: training 0\.\d+, validation 0\.\d+, 784-16-784.* 0\.\d+$/,
    );
    await expect(card(page, "Quality").locator(".legend-run")).toContainText(first);

    const table = page.getByRole("table", { name: "Settings that differ" });
    await expect(table.getByRole("rowheader")).toHaveText(["Hidden layers", "Epochs", "Seed"]);
    await expect(table.locator("mark")).toHaveText(["16", "3", "0"]);
  });

  const renamed = "the <b>small</b> one";
  await test.step("a name is changed; Escape keeps the old one", async () => {
    await act(page, first, "Rename");
    await page.getByRole("textbox", { name: `New name of ${first}` }).fill("  the <b>small</b>\tone ");
    await page.keyboard.press("Enter");
    await expect.poll(() => names(page)).toEqual([second, renamed]);
    await act(page, second, "Rename");
    await page.getByRole("textbox", { name: `New name of ${second}` }).fill(renamed);
    await page.keyboard.press("Escape");
    await expect.poll(() => names(page)).toEqual([second, renamed]);
  });

  const { run: file, model } = await test.step("exported files agree with the page", () =>
    exportSecond(lab, second));

  await test.step("a file that cannot be used is refused in one sentence, and nothing changes", async () => {
    const bad = { name: "bad.unsnow", mimeType: "", buffer: Buffer.from("not a run") };
    await page.getByLabel("Import runs").setInputFiles(bad);
    await expect(card(page, "Runs")).toContainText(
      "bad.unsnow is not a run of unsnow: it does not begin with a line of JSON.",
    );
    await dropFiles(page, [{ name: "dropped.unsnow", mimeType: "", buffer: Buffer.from("{}\n") }]);
    await expect(card(page, "Runs")).toContainText(
      "The run in dropped.unsnow must have one of unsnow-run as format, but has undefined.",
    );
    expect(await names(page)).toEqual([second, renamed]);
  });

  await test.step("a deletion by keys moves the focus to Undo", async () => {
    await item(page, renamed)
      .getByRole("button", { name: `Actions for ${renamed}` })
      .click();
    await item(page, renamed).getByRole("button", { name: "Delete" }).press("Enter");
    await expect.poll(() => names(page)).toEqual([second]);
    await expect(undo(page)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect.poll(() => names(page)).toEqual([second, renamed]);
    await act(page, second, "Delete");
    await expect.poll(() => names(page)).toEqual([renamed]);
  });

  const again = `${second} (2)`;
  await test.step("a file can be imported repeatedly, with its weights", async () => {
    const imported = { name: file.name, mimeType: "", buffer: file.bytes };
    await page.getByLabel("Import runs").setInputFiles(imported);
    await expect.poll(async () => (await names(page)).sort()).toEqual([second, renamed]);
    // The page's run is a different one now: the imported run can be shown beside it.
    await expect(page.getByRole("checkbox", { name: `Show ${second} in the charts` })).toBeVisible();
    await page.getByLabel("Import runs").setInputFiles(imported);
    await expect.poll(async () => (await names(page)).sort()).toEqual([second, again, renamed]);
    await act(page, again, "Try it");
    await expect(page.locator("#try-it")).toContainText(again);
  });

  await test.step("a reload changes nothing, and a run's settings can be used", async () => {
    const before = await names(page);
    await page.reload();
    await lab.ready();
    await expect.poll(() => names(page)).toEqual(before);
    expect(Buffer.compare((await exported(page, again, "Model")).bytes, model)).toBe(0);
    await expect(item(page, renamed)).toContainText(`loss ${firstLoss}`);
    await expect(item(page, renamed)).not.toContainText("current");
    await lab.set("Epochs", "77");
    await act(page, renamed, "Use these settings");
    await expect(page.getByLabel("Epochs", { exact: true })).toHaveValue("3");
    await expect(page.getByLabel("Seed", { exact: true })).toHaveValue("0");
  });
});

/** Exports the second run in every form, and returns its own file and the bytes of its model. */
async function exportSecond(lab: Lab, run: string) {
  const { page } = lab;
  const [loss, psnr] = [await lab.figure("validation-loss"), await lab.figure("validation-psnr")];
  const csv = await exported(page, run, "CSV");
  expect(csv.name).toBe(`${run}-history.csv`);
  const rows = csv.bytes
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  expect(rows.map(([epoch]) => epoch)).toEqual(["epoch", "1", "2"]);
  expect(Number(rows[2]?.[2]).toFixed(4)).toBe(loss.toFixed(4));
  expect(Number(rows[2]?.[3]).toFixed(1)).toBe(psnr.toFixed(1));

  const history = JSON.parse((await exported(page, run, "JSON")).bytes.toString());
  expect(history.settings).toMatchObject({ hidden: [24], seed: 7, noise: "gaussian:0.5", epochs: 2 });
  expect(history.epochs.map((record: { valLoss: number }) => String(record.valLoss))).toEqual([
    rows[1]?.[2],
    rows[2]?.[2],
  ]);

  const model = await exported(page, run, "Model");
  expect(model.name).toMatch(/-model\.safetensors$/);
  expect(parseModel(model.bytes, "m").network).toEqual(autoencoder([28, 28], [24]));
  expect(parseTrainingNote(model.bytes, "m")).toMatchObject({ seed: 7 });

  const whole = await exported(page, run, "Run");
  expect(whole.name).toMatch(/\.unsnow$/);
  const found = parseRun(new Uint8Array(whole.bytes), "r");
  expect(found.run.name).toBe(run);
  expect(found.run.epochs.map(({ valLoss }) => String(valLoss))).toEqual([rows[1]?.[2], rows[2]?.[2]]);
  expect(found.run.scores.at(-1)?.epoch).toBe(2);
  expect(found.model).toMatchObject({ epoch: 2, step: 0 });
  expect(Buffer.compare(found.model?.bytes ?? new Uint8Array(), model.bytes)).toBe(0);

  const svg = (await exported(page, run, "SVG")).bytes.toString();
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain(run);
  for (const [kind, ending] of [
    ["PNG", "-loss.png"],
    ["Pictures", "-pictures.png"],
  ] as const) {
    const { name, bytes } = await exported(page, run, kind);
    expect(name.endsWith(ending)).toBe(true);
    const { width, colors } = await decoded(page, bytes);
    expect(width).toBeGreaterThan(800);
    expect(colors).toBeGreaterThan(5);
  }
  return { run: whole, model: model.bytes };
}

test("changes in one tab appear in the other, and a run that it deletes stays deleted", async ({ lab }) => {
  const { page } = lab;
  const run = await trainRun(lab, "hidden=8&batch=32&epochs=1");
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await expect.poll(() => names(tab)).toEqual([run]);
  await act(tab, run, "Rename");
  await tab.getByRole("textbox", { name: `New name of ${run}` }).fill("from there");
  await tab.keyboard.press("Enter");
  await expect.poll(() => names(page)).toEqual(["from there"]);

  await lab.set("Epochs", "100000");
  await lab.press("Train");
  await expect.poll(async () => (await names(tab)).length).toBe(2);
  const [long = ""] = await names(tab);
  await expect(item(tab, long)).toContainText(/of 100,?000 epochs/);
  await act(tab, long, "Delete");
  await expect.poll(() => names(page)).toEqual(["from there"]);
  const before = await lab.figure("epoch");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(before + 2);
  // A run is also stored when it is paused.
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();
  expect(await names(page)).toEqual(["from there"]);
  expect(await names(tab)).toEqual(["from there"]);
  await lab.press("Train");
  // After undoing the deletion, the run is stored again.
  await undo(tab).click();
  await expect.poll(() => names(page)).toEqual([long, "from there"]);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();
  const done = await lab.figure("epoch");
  await expect(item(tab, long)).toContainText(new RegExp(`${formatCount(done)} of 100,?000 epochs`));
  await tab.close();
});

test("if nothing can be stored, this is reported once, and everything works until the tab is closed", async ({
  lab,
}) => {
  const { page } = lab;
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
  });
  const run = await trainRun(lab, smallRun);
  await expect(
    page.getByText("The browser stores nothing here, so runs are lost when this tab is closed"),
  ).toHaveCount(1);
  const model = await exported(page, run, "Model");
  expect(hiddenOf(parseModel(model.bytes, "m").network)).toEqual(denseLayers(8));
  await act(page, run, "Delete");
  await undo(page).click();
  await expect.poll(() => names(page)).toEqual([run]);
  expect(Buffer.compare((await exported(page, run, "Model")).bytes, model.bytes)).toBe(0);

  // Leaving asks although the run is finished.
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  await lab.ready();
  expect(asked).toEqual(["beforeunload"]);
});

test("a run that is trained after the browser has cleared the storage is stored again", async ({ lab }) => {
  const { page } = lab;
  await trainRun(lab, "hidden=8&batch=32&epochs=1");
  await expect.poll(async () => (await keptRun(page)).model?.epoch).toBe(1);
  const browser = await page.context().newCDPSession(page);
  await browser.send("Storage.clearDataForOrigin", {
    origin: new URL(page.url()).origin,
    storageTypes: "indexeddb",
  });
  await lab.set("Epochs", "2");
  await lab.press("Train");
  await lab.finished();
  await expect.poll(async () => (await keptRun(page)).model?.epoch).toBe(2);
  await expect(page.getByText("The browser stores nothing here")).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect.poll(() => names(page)).toEqual(["784-8-784, 2 epochs, batch 32"]);
});

/** The width of a PNG, and its number of colours. */
function decoded(page: Page, bytes: Buffer): Promise<{ width: number; colors: number }> {
  return page.evaluate(
    async (data) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(data)], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      if (!context) throw new Error("no canvas");
      context.drawImage(bitmap, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
      return { width: bitmap.width, colors: new Set(pixels).size };
    },
    [...bytes],
  );
}
