import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as plainTest } from "@playwright/test";
import sharp from "sharp";
import { expect } from "../support/page.ts";
import { shape, shapeFiles, shapeSide } from "../support/shapes.ts";
import { tour } from "../support/tour.ts";

/** Two folders of ten pictures of 24 x 18 pixels each. */
let folder: string;
plainTest.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unsnow-shapes-"));
  const raw = { width: shapeSide, height: shapeSide, channels: 1 } as const;
  for (const kind of ["bars", "posts"]) {
    await mkdir(join(folder, kind));
    for (let number = 0; number < 10; number++) {
      const { pixels } = shape(4 * number + (kind === "bars" ? 0 : 1));
      const picture = sharp(pixels, { raw }).resize(24, 18, { fit: "fill" });
      await writeFile(join(folder, kind, `${number}.png`), await picture.png().toBuffer());
    }
  }
});
plainTest.afterAll(() => rm(folder, { recursive: true, force: true }));

tour("own images are shown before they are used, and trained on", async (visitor, lab) => {
  const { page } = visitor;
  await visitor.open("hidden=16&batch=8&epochs=2");
  await visitor.give(shapeFiles());
  const offer = page.getByRole("region", { name: "Use these images?" });
  await expect(offer).toContainText("shapes.idx.gz100 images");
  await expect(offer).toContainText("12 × 12 pixels, with labels: 80 to learn from and 20 held out");
  await expect(offer.getByRole("img", { name: /^sample/ })).toHaveCount(8);
  await visitor.press(offer.getByRole("button", { name: "Use them" }));
  await expect(page.getByText("144 → 16 → 144")).toBeAttached();
  await expect(page.getByRole("listitem", { name: /^Image \d+, label [0-3]$/ })).toHaveCount(10);
  await lab.ready();
  await visitor.train();

  // A folder: scaled, squeezed and inverted as one sees it.
  await visitor.openSettings("Data and noise");
  await page.getByLabel("Choose a folder").setInputFiles(folder);
  const pictures = page.getByRole("region", { name: "Use these pictures?" });
  await expect(pictures).toContainText("with labels: 16 to learn from and 4 held out");
  await expect(pictures).toContainText("Labels, by folder: 0 bars, 1 posts.");
  await visitor.press(pictures.getByRole("radio", { name: "16", exact: true }));
  await visitor.press(pictures.getByRole("radio", { name: "Squeeze", exact: true }));
  await expect(pictures).toContainText("16 × 16 pixels");
  await expect(pictures.getByRole("img", { name: /^sample \d, (bars|posts)$/ })).toHaveCount(8);
  await visitor.press(pictures.getByRole("button", { name: "Use them" }));
  await expect(page.getByText("256 → 16 → 256")).toBeAttached();
  await lab.ready();
  await visitor.press(visitor.button("Step"));
  await expect(page.locator("#step")).toHaveText("1");
});
