import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { encodeModel } from "../../src/formats/model-file.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { MadeNumbers } from "../../test/kernels/made-numbers.ts";
import type { NamedFile } from "./file-drops.ts";
import { expect, inWorker, type Lab } from "./page.ts";

export const [columns, rows] = [40, 30];

/** A colour picture [rows, columns, 4] with a half-transparent right half. */
export const rgba = Uint8Array.from({ length: 4 * rows * columns }, (_, at) => {
  const [y, x] = [Math.floor(at / 4 / columns), Math.floor(at / 4) % columns];
  return (
    [(5 * x + 17) % 256, (7 * y + 40) % 256, (3 * (x + y)) % 256, x < columns / 2 ? 255 : 128][at % 4] ?? 0
  );
});

/** That picture as a file. */
export async function picture(name: string): Promise<NamedFile> {
  const raw = { width: columns, height: rows, channels: 4 } as const;
  return { name, mimeType: "image/png", buffer: await sharp(rgba, { raw }).png().toBuffer() };
}

/** A file with a picture of one colour. */
export async function plainPicture(name: string, width: number, height: number): Promise<NamedFile> {
  const create = { width, height, channels: 3, background: "#888" } as const;
  return { name, mimeType: "image/png", buffer: await sharp({ create }).png().toBuffer() };
}

/** A network that does not change its input: its last layer is zero, and so is its predicted noise. */
export function identity(name: string): NamedFile {
  const network = autoencoder([8, 8], [4], { output: "residual" });
  const [first, last] = initialWeights(network, 1);
  if (!first || !last) throw new Error("The network has two layers.");
  const zero = { weight: last.weight.map(() => 0), bias: last.bias.map(() => 0) };
  const bytes = encodeModel({ network, layers: [first, zero] });
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
}

/** A grey picture with Gaussian-like noise of standard deviation 0.1 on slanting stripes, always the same for a size. */
export async function noisyPicture(name: string, width: number, height: number): Promise<NamedFile> {
  const noise = new MadeNumbers(name).floats(4 * width * height, -1, 1);
  const grey = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const sum = [0, 1, 2, 3].reduce((total, part) => total + (noise[4 * at + part] ?? 0), 0);
    // Four uniform values have the deviation (4 / 3) ** 0.5.
    return 255 * Math.min(1, Math.max(0, 0.5 + 0.15 * Math.sin((x + 2 * y) / 15) + (0.1 * sum) / 1.155));
  });
  const raw = { width, height, channels: 1 } as const;
  return { name, mimeType: "image/png", buffer: await sharp(grey, { raw }).png().toBuffer() };
}

/** The downloaded picture, [rows, columns, 4]. */
export async function downloaded(
  page: Page,
): Promise<{ name: string; width: number; height: number; data: Buffer }> {
  const { name, bytes } = await downloadOf(page, "Download PNG");
  expect((await sharp(bytes).metadata()).format).toBe("png");
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { name, width: info.width, height: info.height, data };
}

/** The file that a button downloads. */
export async function downloadOf(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Opens the page in the view that denoises. */
export async function openDenoise(lab: Lab): Promise<void> {
  await lab.page.goto(lab.address("denoise"));
  await expect(lab.page.getByRole("button", { name: "Try an example" })).toBeVisible();
}

/** The line that says what happens to the shown picture. */
export const statusOf = (page: Page) => page.locator("#picture-status");

/** Waits until the shown picture is done. */
export const finished = (page: Page) => expect(statusOf(page)).toHaveText(/^Done in /);

/** Chooses pictures by the button, which is another one while there are none. */
export async function choosePictures(page: Page, files: readonly NamedFile[]): Promise<void> {
  await page.locator("#pictures-first, #pictures-more").setInputFiles([...files]);
}

/** The pictures of the queue, each with its state. */
export const queueOf = (page: Page) => page.getByRole("list", { name: "Queue" }).getByRole("listitem");

/** Puts the border between before and after at the left edge, so that only after is seen. */
export const slider = (page: Page) => page.getByRole("slider", { name: /^Where after begins/ });

/** From now on the training Worker decodes no picture until the returned function is called. */
export async function holdDecoding(page: Page): Promise<() => Promise<void>> {
  await inWorker(
    page,
    `const decode = globalThis.createImageBitmap;
     const channel = new BroadcastChannel("decoding");
     const allowed = new Promise((resolve) => {
       channel.onmessage = () => {
         resolve();
         channel.postMessage("heard");
       };
     });
     globalThis.createImageBitmap = async (...wishes) => {
       await allowed;
       return decode(...wishes);
     };`,
  );
  // Repeated, because the Worker may not have started yet.
  return () =>
    page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const channel = new BroadcastChannel("decoding");
          const timer = setInterval(() => channel.postMessage("go"), 50);
          channel.onmessage = () => {
            clearInterval(timer);
            resolve();
          };
        }),
    );
}
