import type { Page } from "@playwright/test";
import { median } from "../measure.ts";
import type { Figure, OpenPage } from "./lab.ts";

/** The number of pen positions along a line. */
const moves = 24;

/** Records, for each move, the milliseconds from the pen move to the frame that shows the denoised drawing. */
async function followPen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const delays: number[] = [];
    Object.assign(globalThis, { delays });
    let moved: number | undefined;
    addEventListener("pointermove", ({ buttons, timeStamp }) => {
      if (buttons === 1) moved ??= timeStamp;
    });
    const { putImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.putImageData = function (
      this: CanvasRenderingContext2D,
      image: ImageData,
      x: number,
      y: number,
    ) {
      Reflect.apply(putImageData, this, [image, x, y]);
      if (!this.canvas.closest("[aria-label='Drawing, denoised']") || moved === undefined) return;
      const since = moved;
      moved = undefined;
      requestAnimationFrame((frame) => delays.push(frame - since));
    };
  });
}

/**
 * Draws a line and measures the time from a pen move to the frame that shows the drawing, denoised by the network for
 * digits.
 */
export async function drawing({ lab }: OpenPage): Promise<Figure[]> {
  const { page } = lab;
  await followPen(page);
  await lab.open();
  const pad = page.getByRole("application", { name: /^Drawing pad/ });
  await pad.scrollIntoViewIfNeeded();
  await page.getByRole("figure", { name: "Drawing, denoised" }).waitFor();
  // Tuning the filters uses the same cores at the start.
  await page.getByText(/Filters are being tuned/).waitFor({ state: "detached" });
  const box = await pad.boundingBox();
  if (!box) throw new Error("The drawing pad is not visible.");
  const at = (part: number) => [box.x + box.width * (0.2 + 0.6 * part), box.y + box.height / 2] as const;
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let move = 1; move <= moves; move++) {
    await page.mouse.move(...at(move / moves));
    await page.waitForTimeout(150);
  }
  await page.mouse.up();
  const delays = await page.evaluate(() => (globalThis as unknown as { delays: number[] }).delays);
  return [
    { what: "from a move of the pen to its denoised frame, median", value: median(delays), unit: "ms" },
    { what: "the same, longest", value: Math.max(...delays), unit: "ms" },
  ];
}
