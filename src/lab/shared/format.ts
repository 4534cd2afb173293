import { formatLayers } from "../../spec/layer-text.ts";
import { hiddenOf, isConvolutional, type NetworkSpec, networkName } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";

const counts = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Shown while there is no number. */
export const nothing = "–";

/** 12345 -> "12,345" */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** 512 -> "512 bytes", 9912 -> "9.9 kB", 47040016 -> "47.0 MB", 784000016 -> "784.0 MB" */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["", "kB", "MB", "GB"][power]}`;
}

/** 0.10234 -> "0.1023"; 160000 -> "1.60e+5", because a loss may explode. */
export function formatLoss(loss: number): string {
  return loss < 1000 ? loss.toFixed(4) : loss.toExponential(2);
}

/** 14.236 -> "14.2"; in dB. Above 100 pictures differ only by the rounding of 32-bit numbers. */
export function formatDecibels(decibels: number): string {
  return decibels > 100 ? "> 100" : decibels.toFixed(1);
}

/** A PSNR in dB, 15.218 -> "15.22", or an SSIM, 0.61234 -> "0.612": scores of filters differ less than those of images. */
export function formatScore(name: "psnr" | "ssim", score: number | undefined): string {
  if (score === undefined) return nothing;
  if (name === "ssim") return score.toFixed(3);
  return score > 100 ? "> 100" : score.toFixed(2);
}

/** 0.21875 -> "0.219" */
export function formatStrength(strength: number): string {
  return String(Number(strength.toPrecision(3)));
}

/** 42.3 -> "42 s", 91 -> "1:31 min", 7500 -> "2:05 h" */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return "< 1 s";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${sixtieths(whole)} min`;
  return `${sixtieths(Math.round(whole / 60))} h`;
}

/** 0.1234 -> "123 ms", 4.26 -> "4.3 s", 91 -> "1:31 min" */
export function formatDuration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(1000 * seconds)} ms`;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : formatSeconds(seconds);
}

/** 480 rows of 640 -> "640 × 480 pixels": width first, as is usual for pictures. */
export function formatSize({ rows, columns }: { readonly rows: number; readonly columns: number }): string {
  return `${columns} × ${rows} pixels`;
}

function sixtieths(count: number): string {
  return `${Math.floor(count / 60)}:${String(count % 60).padStart(2, "0")}`;
}

/** -0.0312 -> "−0.03", 12.34 -> "12.3": a weight or a value of a code. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  const text = size < 10 ? size.toFixed(2) : size < 1e5 ? size.toFixed(1) : size.toExponential(1);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** 0.234 -> "23 %"; a share that is not 0 or 1 is not rounded to 0 or 100 %. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share > 0.995) return "> 99 %";
  return `${Math.round(100 * share)} %`;
}

/** "the run after 3 epochs and 12 steps" */
export function whereRunStood(progress: Progress | undefined): string {
  const { epoch = 0, step = 0 } = progress ?? {};
  const parts = [
    ...(epoch > 0 ? [counted(epoch, "epoch")] : []),
    ...(step > 0 ? [counted(step, "step")] : []),
  ];
  return parts.length === 0 ? "the untrained run" : `the run after ${parts.join(" and ")}`;
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** "784-32-784 on windows of 28 × 28 grey pixels", or "conv:32x7 on grey pictures of any size" */
export function networkWords(network: NetworkSpec): string {
  const [rows, columns] = network.image;
  const colours = network.channels === 1 ? "grey" : "colour";
  if (isConvolutional(network)) return `${layersOf(network)} on ${colours} pictures of any size`;
  return `${networkName(network)} on windows of ${columns} × ${rows} ${colours} pixels`;
}

/** A longer text of layers would fill lines. */
const mostLetters = 40;

/** "784-32-784", "conv:32x7", or "13 convolutions" */
export function layersOf(network: NetworkSpec): string {
  if (!isConvolutional(network)) return networkName(network);
  const text = formatLayers(hiddenOf(network));
  return text.length <= mostLetters ? text : `${network.layers.length} convolutions`;
}
