import type { Locator } from "@playwright/test";
import sharp from "sharp";

/** A grey picture, black at 0 and white at 1. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  /** [height, width] */
  readonly values: readonly number[];
}

/** Reads a grey picture from an image file. */
export async function readGrey(file: Buffer): Promise<Grey> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const values = Array.from({ length: info.width * info.height }, (_, at) => (data[4 * at] ?? 0) / 255);
  return { width: info.width, height: info.height, values };
}

/** The contents of canvases, each as [height, width]. */
export async function shownOn(canvases: Locator): Promise<(readonly number[])[]> {
  const addresses = await canvases.evaluateAll((found) =>
    found.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()),
  );
  const pictures = addresses.map((address) => readGrey(Buffer.from(address.split(",")[1] ?? "", "base64")));
  return (await Promise.all(pictures)).map(({ values }) => values);
}

/** The PSNR of a picture relative to another, in dB. */
export function psnr(one: readonly number[], other: readonly number[]): number {
  const squares = one.reduce((sum, value, at) => sum + (value - (other[at] ?? Number.NaN)) ** 2, 0);
  return -10 * Math.log10(squares / one.length);
}
