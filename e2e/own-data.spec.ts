import type { Page } from "@playwright/test";
import { encodeIdx } from "../src/data/idx.ts";
import { dropFiles, type NamedFile, transferOf } from "./support/file-drops.ts";
import { countReads, readsOf } from "./support/file-reads.ts";
import { namedFile, stripes, stripesFile } from "./support/image-files.ts";
import { expect, test } from "./support/page.ts";

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

/** Drops a file on the page, which shows a hint during the drag. */
async function drop(page: Page, dropped: NamedFile): Promise<void> {
  const hint = page.getByText("Drop IDX files here");
  await page.dispatchEvent("main", "dragover", { dataTransfer: await transferOf(page, [dropped]) });
  await expect(hint).toBeVisible();
  await dropFiles(page, [dropped]);
  await expect(hint).toBeHidden();
}

test("the user's images are previewed, trained on without being read by the page, replaced by the digits again, and refused or corrected if they are invalid", async ({
  lab,
}) => {
  const { page } = lab;
  await page.addInitScript(countReads);
  await lab.open("hidden=8&batch=128");
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");

  const offer = page.getByRole("region", { name: "Use these images?" });
  await test.step("they are offered, and the run stays", async () => {
    await page.getByLabel("Your own images").setInputFiles(small);
    await expect(offer).toContainText("stripes.idx300 images, 96.0 kB");
    await expect(offer).toContainText("stripes-labels.idx300 labels, 308 bytes");
    await expect(offer).toContainText("20 × 16 pixels, with labels: 240 for training and 60 held out");
    await expect(offer.getByRole("img", { name: /^sample/ })).toHaveCount(8);
    await expect(page.locator("#step")).toHaveText("1");
    await expect(page.getByRole("heading", { name: "Digits it has never seen" })).toBeVisible();
  });

  await test.step("they are used", async () => {
    await offer.getByRole("button", { name: "Use them" }).click();
    await expect(offer).toBeHidden();
    await lab.ready();
    await expect(page.getByText("320 → 8 → 320")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Images it has never seen" })).toBeVisible();
    await expect(page.getByRole("listitem", { name: /^Image \d+, label \d$/ })).toHaveCount(10);
    await page.getByRole("button", { name: "Only the label 3" }).click();
    await expect(page.getByRole("listitem", { name: /^Image \d+, label 3$/ })).toHaveCount(10);
    const untrained = await lab.pictures("denoised");
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    // The second of 240 images in batches of 128 ends the epoch.
    await lab.press("Step");
    await expect(page.locator("#epoch")).toHaveText("1");
    await expect.poll(() => lab.pictures("denoised")).not.toEqual(untrained);
    expect(await readsOf(page)).toBe(0);
  });

  await test.step("the digits are used again", async () => {
    await page.getByRole("button", { name: "Back to the digits" }).click();
    await lab.ready();
    await expect(page.getByText("784 → 8 → 784")).toBeVisible();
    await expect.poll(() => lab.labels()).toHaveLength(10);
  });

  await test.step("a broken file is refused in one sentence, and nothing changes", async () => {
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    const whole = encodeIdx([5, 3, 4], stripes(0, 5, 3, 4));
    await drop(page, namedFile("broken.idx", whole.subarray(0, -1)));
    await expect(
      page.getByRole("status").getByText(/^broken\.idx is truncated: .*but there are 59\.$/),
    ).toBeVisible();
    await expect(offer).toBeHidden();
    await drop(page, namedFile("picture.png", new TextEncoder().encode("no IDX file at all")));
    await expect(page.getByRole("status").getByText(/^picture\.png is not an IDX file/)).toBeVisible();
    await expect(page.getByText("Handwritten digits of 28 × 28 pixels")).toBeVisible();
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("2");
  });

  await test.step("an offer that does not fit the settings stays until they are changed, and is accepted by keyboard", async () => {
    await page.locator("summary", { hasText: "Data and noise" }).focus();
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("Your own images")).toBeFocused();
    await drop(page, namedFile("few.idx", encodeIdx([20, 3, 4], stripes(0, 20, 3, 4))));
    await expect(offer).toContainText("3 × 4 pixels, without labels: 16 for training and 4 held out");
    await offer.getByRole("button", { name: "Use them" }).press("Enter");
    await expect(
      page.getByText("The batch of 128 is larger than the training set, which has 16 images"),
    ).toBeVisible();
    await expect(offer).toBeVisible();
    await lab.set("Batch", "5");
    await offer.getByRole("button", { name: "Use them" }).press("Enter");
    await expect(page.getByText("12 → 8 → 12")).toBeVisible();
    await expect(page.getByRole("listitem", { name: /^Image \d$/ })).toHaveCount(4);
  });

  await test.step("another offer is declined", async () => {
    await page.getByLabel("Your own images").setInputFiles(small);
    await offer.getByRole("button", { name: "Leave them" }).press("Enter");
    await expect(offer).toBeHidden();
    await expect(page.getByText("12 → 8 → 12")).toBeVisible();
  });
});
