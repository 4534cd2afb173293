import type { Picture } from "../data/picture.ts";
import { planesOf } from "../data/picture-planes.ts";
import { bce } from "./bce.ts";
import { mse } from "./mse.ts";
import { psnr } from "./psnr.ts";
import { ssim, ssimWindow } from "./ssim.ts";

/** How close a picture is to the clean one. */
export interface ImageScores {
  /** In dB. */
  readonly psnr: number;
  /** The mean over the channels; undefined for pictures smaller than the SSIM window. */
  readonly ssim: number | undefined;
  /** In nats; the output is first clipped to [1e-7, 1 - 1e-7]. */
  readonly bce: number;
  readonly mse: number;
}

/** Keras clips outputs to this distance from 0 and 1 before it takes logarithms: `keras.backend.epsilon()`. */
const bceMargin = 1e-7;

/** The scores of an output against the clean picture of the same size, in float64. */
export function imageScores(output: Picture, clean: Picture): ImageScores {
  const error = mse(output.values, clean.values);
  // In float64, because 1 - 1e-7 is not a float32.
  const inside = Float64Array.from(output.values, (value) =>
    Math.min(Math.max(value, bceMargin), 1 - bceMargin),
  );
  return {
    psnr: psnr(error),
    ssim: meanSsim(output, clean),
    bce: bce(inside, clean.values),
    mse: error,
  };
}

/** The means over all images. The SSIM is undefined if an image has none. */
export function meanScores(scores: readonly ImageScores[]): ImageScores {
  const mean = (score: (of: ImageScores) => number) =>
    scores.reduce((sum, each) => sum + score(each), 0) / scores.length;
  return {
    psnr: mean(({ psnr }) => psnr),
    ssim: hasSsim(scores) ? mean(({ ssim = Number.NaN }) => ssim) : undefined,
    bce: mean(({ bce }) => bce),
    mse: mean(({ mse }) => mse),
  };
}

/** Whether every image has an SSIM. */
export function hasSsim(scores: readonly ImageScores[]): boolean {
  return scores.every(({ ssim }) => ssim !== undefined);
}

function meanSsim(output: Picture, clean: Picture): number | undefined {
  if (Math.min(clean.rows, clean.columns) < ssimWindow) return undefined;
  const cleanPlanes = planesOf(clean);
  const each = planesOf(output).map((plane, channel) => ssim(plane, cleanPlanes[channel] ?? plane));
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}
