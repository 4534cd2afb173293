import type { Page } from "@playwright/test";
import sharp from "sharp";
import { openDenoise } from "../../e2e/support/denoised-pictures.ts";
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
  const clock = await page.evaluateHandle(startClock, name);
  await page.dispatchEvent("main", "drop", { dataTransfer });
  return clock.evaluate(({ milliseconds }) => milliseconds);
}

/**
 * In the page: the time from the next drop until the page says that the picture of this name is done. Waiting from outside the page would
 * add up to half a second.
 */
function startClock(name: string): { readonly milliseconds: Promise<number> } {
  const dropped = new Promise<number>((resolve) => {
    addEventListener("drop", () => resolve(performance.now()), { capture: true, once: true });
  });
  const done = new Promise<number>((resolve) => {
    const observer = new MutationObserver(() => {
      const status = document.querySelector("#picture-status")?.textContent ?? "";
      const titles = [...document.querySelectorAll("h1, h2, h3, h4")].map(({ textContent }) => textContent);
      if (!status.startsWith("Done in ") || !titles.includes(name)) return;
      observer.disconnect();
      resolve(performance.now());
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return { milliseconds: Promise.all([dropped, done]).then(([start, end]) => end - start) };
}
