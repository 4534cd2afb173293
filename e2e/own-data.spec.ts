import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { encodeIdx, encodeIdxHeader } from "../src/data/idx.ts";
import { dropFiles, type NamedFile, transferOf } from "./support/file-drops.ts";
import { namedFile, stripes, stripesFile } from "./support/image-files.ts";
import { expect, exposeDevice, loseEveryDevice, test } from "./support/page.ts";

/** 300 images of 20 x 16 with the labels 0 to 4. */
const small = [
  stripesFile(),
  namedFile(
    "stripes-labels.idx",
    encodeIdx(
      [300],
      Uint8Array.from({ length: 300 }, (_, image) => image % 5),
    ),
  ),
];

/** Drops a file on the page, which says while it is dragged what may be dropped. */
async function drop(page: Page, dropped: NamedFile): Promise<void> {
  const hint = page.getByText("Drop IDX files here");
  await page.dispatchEvent("main", "dragover", { dataTransfer: await transferOf(page, [dropped]) });
  await expect(hint).toBeVisible();
  await dropFiles(page, [dropped]);
  await expect(hint).toBeHidden();
}

test("images that are chosen are shown before they are used, and the digits come back", async ({ lab }) => {
  const { page } = lab;
  await lab.open();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await page.getByLabel("Your own images").setInputFiles(small);

  const offer = page.getByRole("region", { name: "Use these images?" });
  await expect(offer).toContainText("stripes.idx300 images, 96.0 kB");
  await expect(offer).toContainText("stripes-labels.idx300 labels, 308 bytes");
  await expect(offer).toContainText("20 × 16 pixels, with labels: 240 to learn from and 60 held out");
  await expect(offer.getByRole("img", { name: /^sample/ })).toHaveCount(8);
  // Nothing of the run has changed so far.
  await expect(page.locator("#step")).toHaveText("1");
  await expect(page.getByRole("heading", { name: "Digits it has never seen" })).toBeVisible();

  await offer.getByRole("button", { name: "Use them" }).click();
  await expect(offer).toBeHidden();
  await lab.ready();
  await expect(page.getByText("320 → 32 → 320")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Images it has never seen" })).toBeVisible();
  await expect(page.getByRole("listitem", { name: /^Image \d+, label \d$/ })).toHaveCount(10);
  await page.getByRole("button", { name: "Only the label 3" }).click();
  await expect(page.getByRole("listitem", { name: /^Image \d+, label 3$/ })).toHaveCount(10);
  const untrained = await lab.pictures("denoised");
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  // The second of 240 images in batches of 128 is the epoch's last.
  await lab.press("Step");
  await expect(page.locator("#epoch")).toHaveText("1");
  expect(await lab.pictures("denoised")).not.toEqual(untrained);

  await page.getByRole("button", { name: "Back to the digits" }).click();
  await lab.ready();
  await expect(page.getByText("784 → 32 → 784")).toBeVisible();
  await expect.poll(() => lab.labels()).toHaveLength(10);
});

test("a broken file that is dropped is refused in a sentence, and all stays as it was", async ({ lab }) => {
  const { page } = lab;
  await lab.open();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  const whole = encodeIdx([5, 3, 4], stripes(0, 5, 3, 4));
  await drop(page, namedFile("broken.idx", whole.subarray(0, -1)));
  await expect(
    page.getByRole("status").getByText(/^broken\.idx is truncated: .*but there are 59\.$/),
  ).toBeVisible();
  await expect(page.getByRole("region", { name: "Use these images?" })).toBeHidden();
  await drop(page, namedFile("picture.png", new TextEncoder().encode("no IDX file at all")));
  await expect(page.getByRole("status").getByText(/^picture\.png is not an IDX file/)).toBeVisible();
  await expect(page.getByText("Handwritten digits of 28 × 28 pixels")).toBeVisible();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("2");
});

test("an offer that does not fit the settings stays, and is left by keyboard", async ({ lab }) => {
  const { page } = lab;
  await lab.open();
  await page.locator("summary", { hasText: "Data and noise" }).focus();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Your own images")).toBeFocused();
  await drop(page, namedFile("few.idx", encodeIdx([20, 3, 4], stripes(0, 20, 3, 4))));
  const offer = page.getByRole("region", { name: "Use these images?" });
  await expect(offer).toContainText("3 × 4 pixels, without labels: 16 to learn from and 4 held out");
  await offer.getByRole("button", { name: "Use them" }).press("Enter");
  await expect(
    page.getByText("The batch of 128 is larger than the training set, which has 16 images"),
  ).toBeVisible();
  await expect(offer).toBeVisible();
  await lab.set("Batch", "5");
  await offer.getByRole("button", { name: "Use them" }).press("Enter");
  await expect(page.getByText("12 → 32 → 12")).toBeVisible();
  await expect(page.getByRole("listitem", { name: /^Image \d$/ })).toHaveCount(4);

  await page.getByLabel("Your own images").setInputFiles(small);
  await offer.getByRole("button", { name: "Leave them" }).press("Enter");
  await expect(offer).toBeHidden();
  await expect(page.getByText("12 → 32 → 12")).toBeVisible();
});

test("a lost device costs the run, but not the images", async ({ lab }) => {
  const { page } = lab;
  await exposeDevice(page);
  await lab.open();
  await page.getByLabel("Your own images").setInputFiles(small);
  await page.getByRole("button", { name: "Use them" }).click();
  await expect(page.getByText("320 → 32 → 320")).toBeVisible();
  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);
  await loseEveryDevice(page);
  await expect(page.getByRole("alert")).toContainText("The GPU was lost, and no other could be opened");
  await lab.press("Reset");
  await lab.ready();
  await expect(page.getByText("320 → 32 → 320")).toBeVisible();
  await expect(page.getByText("stripes.idx")).toBeVisible();
});

test.describe("a file of 102 MB", () => {
  const path = join(tmpdir(), `unsnow-large-${process.pid}.idx`);
  const [count, side] = [130_000, 28];

  test.beforeAll(async () => {
    const pattern = stripes(0, 10_000, side, side);
    const made = await open(path, "w");
    await made.write(encodeIdxHeader([count, side, side]));
    for (let first = 0; first < count; first += 10_000) await made.write(pattern);
    await made.close();
  });
  test.afterAll(() => rm(path, { force: true }));

  test("is trained on without the page ever reading or holding it", async ({ lab }, testInfo) => {
    const { page } = lab;
    await page.addInitScript(watchPage);
    await lab.open();
    await page.getByLabel("Your own images").setInputFiles(path);
    const offer = page.getByRole("region", { name: "Use these images?" });
    await expect(offer).toContainText("130,000 images, 101.9 MB");
    await offer.getByRole("button", { name: "Use them" }).click();
    await expect(page.getByText("104,000 to learn from and 26,000 held out")).toBeVisible();
    await lab.ready();
    await expect(page.getByRole("listitem", { name: /^Image \d+$/ })).toHaveCount(10);
    const untrained = await lab.pictures("denoised");

    await page.evaluate(() => performance.mark("training"));
    await lab.press("Train");
    await expect.poll(() => lab.figure("step"), { timeout: 60_000 }).toBeGreaterThan(20);
    await expect.poll(() => lab.pictures("denoised")).not.toEqual(untrained);
    await lab.press("Pause");
    await expect(page.getByText("Paused")).toBeVisible();

    const { reads, tasks } = await page.evaluate(seenOfPage);
    expect(reads).toBe(0);
    const client = await page.context().newCDPSession(page);
    const heap: Readonly<Record<string, number>> = await client.send("Runtime.getHeapUsage");
    const bytes = (heap.usedSize ?? 0) + (heap.backingStorageSize ?? 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(200e6);
    // How long a task takes says more of the machine than of the page, so it is noted, not judged.
    const description = `heap ${(bytes / 1e6).toFixed(1)} MB; main-thread tasks over 50 ms while training: ${tasks.length === 0 ? "none" : tasks.join(", ")}`;
    testInfo.annotations.push({ type: "main thread", description });
    console.log(`    ${description}`);
  });
});

/** Counts in the page how often it reads a file itself, and keeps its long tasks. */
function watchPage(): void {
  const seen = { reads: 0, tasks: [] as { start: number; duration: number }[] };
  Object.assign(window, { seen });
  for (const method of ["arrayBuffer", "bytes", "stream", "text"]) {
    const read: unknown = Reflect.get(Blob.prototype, method);
    if (typeof read !== "function") continue;
    Reflect.set(Blob.prototype, method, function (this: Blob) {
      seen.reads += 1;
      return Reflect.apply(read, this, []);
    });
  }
  Reflect.set(FileReader.prototype, "readAsArrayBuffer", () => {
    seen.reads += 1;
  });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ start: startTime, duration });
  }).observe({ type: "longtask", buffered: true });
}

/** What `watchPage` has seen: reads, and the milliseconds of each long task since the training began. */
function seenOfPage(): { reads: number; tasks: number[] } {
  const { reads, tasks } = (
    window as unknown as { seen: { reads: number; tasks: { start: number; duration: number }[] } }
  ).seen;
  const began = performance.getEntriesByName("training")[0]?.startTime ?? 0;
  return {
    reads,
    tasks: tasks.filter(({ start }) => start >= began).map(({ duration }) => Math.round(duration)),
  };
}
