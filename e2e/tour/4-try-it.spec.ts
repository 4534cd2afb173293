import sharp from "sharp";
import { pasteFiles } from "../support/file-drops.ts";
import { expect } from "../support/page.ts";
import { shownOn } from "../support/pixels.ts";
import { tinyPicture } from "../support/tiny-picture.ts";
import { desktop, drawnOn, phone, tour } from "../support/tour.ts";

tour("a drawing and a picture of one's own are denoised and saved", [desktop, phone], async (visitor) => {
  const { page } = visitor;
  await visitor.lab.open();
  const tryIt = visitor.card("Try it");
  const shown = (title: string) => tryIt.getByRole("img", { name: title, exact: true });

  // A seven, and then its bar.
  const box = await visitor.boxOf(tryIt.getByRole("application", { name: /^Drawing pad/ }));
  const places = (points: readonly (readonly [number, number])[]) =>
    points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  await visitor.drag(
    places([
      [0.3, 0.25],
      [0.7, 0.25],
      [0.45, 0.8],
    ]),
  );
  await expect(shown("drawing, denoised")).toBeVisible();
  await expect(tryIt).toContainText("Denoised by the network for digits: 784-64-784");
  // Had the browser taken the finger for a scroll, the stroke would have ended on its way down.
  await expect.poll(async () => (await shownOn(shown("drawing")))[0]?.[22 * 28 + 12]).toBeGreaterThan(0.5);
  const seven = await drawnOn(shown("drawing, denoised"));
  const bar = places([
    [0.4, 0.5],
    [0.7, 0.5],
  ]);
  await visitor.drag(bar);
  await expect.poll(async () => (await shownOn(shown("drawing")))[0]?.[14 * 28 + 18]).toBeGreaterThan(0.5);
  await expect.poll(() => drawnOn(shown("drawing, denoised"))).not.toEqual(seven);

  const noisy = await drawnOn(shown("drawing, noisy"));
  await tryIt.getByLabel(/^Noise/).fill("0.8");
  await expect.poll(() => drawnOn(shown("drawing, noisy"))).not.toEqual(noisy);
  const drawing = await visitor.download(tryIt.getByRole("button", { name: "Save picture" }));
  expect(drawing.name).toBe("drawing.png");
  expect((await sharp(drawing.bytes).metadata()).width).toBe(3 * 280 + 2 * 10);

  // A picture that is pasted, or chosen where there is no key to paste with.
  const picture = await tinyPicture();
  if (visitor.byTouch) {
    await visitor.press(tryIt.getByRole("radio", { name: "A picture" }));
    await tryIt.getByLabel("Picture", { exact: true }).setInputFiles(picture);
  } else await pasteFiles(page, [picture]);
  await expect(tryIt).toContainText("tiny.png, 40 × 30 pixels");
  await tryIt.getByLabel("Added noise").fill("0.25");
  await visitor.press(tryIt.getByRole("button", { name: "Denoise" }));
  await expect(shown("after")).toBeVisible();
  const denoised = await visitor.download(tryIt.getByRole("button", { name: "Download PNG" }));
  expect(denoised.name).toBe("tiny-denoised.png");
  expect(await sharp(denoised.bytes).metadata()).toMatchObject({ width: 40, height: 30, format: "png" });
});
