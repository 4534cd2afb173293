import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import sharp from "sharp";
import { encodeModel } from "../../src/formats/model-file.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { autoencoder } from "../../src/spec/network.ts";
import type { NamedFile } from "./file-drops.ts";
import { expect } from "./page.ts";

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

/** The downloaded picture, [rows, columns, 4]. */
export async function downloaded(
  page: Page,
): Promise<{ name: string; width: number; height: number; data: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download PNG" }).click(),
  ]);
  const bytes = await readFile(await download.path());
  expect((await sharp(bytes).metadata()).format).toBe("png");
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { name: download.suggestedFilename(), width: info.width, height: info.height, data };
}

/** The card "Try it". */
export const tryIt = (page: Page) => page.getByRole("region", { name: "Try it", exact: true });

/** Selects the denoiser in "Try it". */
export const chooseNetwork = (section: Locator, name: string) =>
  section.getByLabel("Network").selectOption(name);

/** Presses Denoise and waits for the result's text. */
export async function denoise(section: Locator): Promise<void> {
  await section.getByRole("button", { name: "Denoise" }).click();
  await expect(section.getByRole("button", { name: "Download PNG" })).toBeVisible();
  await expect(section.getByRole("button", { name: "Denoise" })).toBeVisible();
}
