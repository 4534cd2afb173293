import type { Page } from "@playwright/test";
import { test } from "./support/built-page.ts";
import { expect } from "./support/page.ts";

/** Places along a line that the pen goes to one by one. */
const moves = 24;

/** Notes when the pen moves, and when a frame shows the drawing denoised: milliseconds from the one to the other, move by move. */
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

for (const [backend, query] of [
  ["GPU", ""],
  ["CPU", "?backend=cpu"],
] as const) {
  test(`every move of the pen is answered by the network (${backend})`, async ({ lab, server }) => {
    const { page } = lab;
    await followPen(page);
    await page.goto(`${server.address}${query}`);
    await lab.ready();
    const pad = page.getByRole("application", { name: /^Drawing pad/ });
    await pad.scrollIntoViewIfNeeded();
    // The filters are tuned at first, which takes the same cores.
    await expect(page.getByRole("figure", { name: "Drawing, denoised" })).toBeVisible();
    await expect(page.getByText(/Filters are being tuned/)).toHaveCount(0, { timeout: 60_000 });
    const box = await pad.boundingBox();
    if (!box) throw new Error("The pad is not to be seen.");
    const at = (part: number) => [box.x + box.width * (0.2 + 0.6 * part), box.y + box.height / 2] as const;
    await page.mouse.move(...at(0));
    await page.mouse.down();
    for (let move = 1; move <= moves; move++) {
      await page.mouse.move(...at(move / moves));
      await page.waitForTimeout(150);
    }
    await page.mouse.up();
    const delays = await page.evaluate(() => (globalThis as unknown as { delays: number[] }).delays);
    const sorted = delays.toSorted((a, b) => a - b);
    const [median = Number.NaN, most = Number.NaN] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(
      `On ${await page.locator("#adapter").innerText()} the drawing is denoised ${median.toFixed(0)} ms after the pen has moved ` +
        `(median of ${sorted.length}, ${sorted[0]?.toFixed(0)} to ${most.toFixed(0)}).`,
    );
    expect(delays.length).toBeGreaterThan(moves / 2);
  });
}
