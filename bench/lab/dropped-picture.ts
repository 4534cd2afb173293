import type { Page } from "@playwright/test";
import sharp from "sharp";
import { openDenoise, statusOf } from "../../e2e/support/denoised-pictures.ts";
import { transferOf } from "../../e2e/support/file-drops.ts";
import { noisyPicture } from "../noisy-picture.ts";
import type { Figure, OpenPage } from "./lab.ts";

/** The sides of the dropped pictures, in pixels. */
const side = 400;

/** The seconds that a user looks at the view before the first drop: the page prepares its kernels. */
const secondsBefore = 10;

/** Drops two colour pictures, one after the other, and measures the time from the drop to the finished picture. */
export async function droppedPicture({ lab }: OpenPage): Promise<Figure[]> {
  const { page } = lab;
  await openDenoise(lab);
  await page.waitForTimeout(1000 * secondsBefore);
  const figures: Figure[] = [];
  for (const which of ["first", "second"]) {
    const value = await fromDropToResult(page, `${which}.png`);
    figures.push({
      what: `from the drop of the ${which} picture of ${side} x ${side} to its result`,
      value,
      unit: "ms",
    });
  }
  return figures;
}

async function fromDropToResult(page: Page, name: string): Promise<number> {
  const { values } = noisyPicture(side, side);
  const bytes = Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
  const raw = { width: side, height: side, channels: 3 } as const;
  const buffer = await sharp(bytes, { raw }).png().toBuffer();
  const dataTransfer = await transferOf(page, [{ name, mimeType: "image/png", buffer }]);
  const started = performance.now();
  await page.dispatchEvent("main", "drop", { dataTransfer });
  await page.getByRole("heading", { name }).waitFor();
  await statusOf(page)
    .filter({ hasText: /^Done in / })
    .waitFor();
  return performance.now() - started;
}
