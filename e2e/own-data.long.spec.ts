// Training on a file of 102 MB, which the page must neither read nor hold in memory.
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeIdxHeader } from "../src/data/idx.ts";
import { countReads, readsOf } from "./support/file-reads.ts";
import { stripes } from "./support/image-files.ts";
import { expect, test } from "./support/page.ts";

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

test("a file of 102 MB is trained on, and the page never reads or holds it", async ({ lab }) => {
  const { page } = lab;
  await page.addInitScript(countReads);
  await lab.open();
  await page.getByLabel("Your own images").setInputFiles(path);
  const offer = page.getByRole("region", { name: "Use these images?" });
  await expect(offer).toContainText("130,000 images, 101.9 MB");
  await offer.getByRole("button", { name: "Use them" }).click();
  await expect(page.getByText("104,000 for training and 26,000 held out")).toBeVisible();
  await lab.ready();
  await expect(page.getByRole("listitem", { name: /^Image \d+$/ })).toHaveCount(10);
  const untrained = await lab.pictures("denoised");
  await lab.press("Train");
  await expect.poll(() => lab.figure("step"), { timeout: 60_000 }).toBeGreaterThan(20);
  await expect.poll(() => lab.pictures("denoised")).not.toEqual(untrained);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();

  expect(await readsOf(page)).toBe(0);
  const client = await page.context().newCDPSession(page);
  const heap: Readonly<Record<string, number>> = await client.send("Runtime.getHeapUsage");
  const bytes = (heap.usedSize ?? 0) + (heap.backingStorageSize ?? 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(200e6);
});
