import type { AdapterSummary } from "../device/adapter.ts";
import type { Backend } from "../device/device.ts";
import { filterWords } from "../filters/filter.ts";
import { hasSsim, type ImageScores, meanScores } from "../metrics/image-scores.ts";
import type { EvaluationRow } from "./evaluation-rows.ts";
import { table } from "./text.ts";

/** The rows as a table; the column SSIM is left out where an image has none. */
export function evaluationTable(rows: readonly EvaluationRow[]): string {
  const withSsim = rows.every(({ scores }) => hasSsim(scores));
  const header = ["", "PSNR dB", ...(withSsim ? ["SSIM"] : []), "BCE", "MSE", "strength", "corrected"];
  const lines = rows.map(({ name, scores, tuned }) => {
    const { psnr, ssim = 0, bce, mse } = meanScores(scores);
    return [
      name,
      psnr.toFixed(2),
      ...(withSsim ? [ssim.toFixed(4)] : []),
      bce.toFixed(4),
      mse.toFixed(5),
      tuned ? strengthText(tuned.strength) : "",
      tuned ? (tuned.corrected ? "yes" : "no") : "",
    ];
  });
  // Cells that are empty leave no spaces behind.
  return table([header, ...lines]).replaceAll(/ +$/gm, "");
}

export function strengthText(strength: number): string {
  return String(Number(strength.toPrecision(3)));
}

/** What an evaluation was of. */
export interface EvaluationFacts {
  /** All that is needed to repeat it; files are named as the user named them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly backend: Backend;
  readonly adapter: AdapterSummary;
  readonly network: string;
  readonly images: { readonly evaluated: number; readonly tuned: number };
}

/** The results as JSON; with `perImage`, those of every image too. A number that is not finite is null. */
export function evaluationJson(
  facts: EvaluationFacts,
  rows: readonly EvaluationRow[],
  perImage: boolean,
): string {
  const results = rows.map(({ name, scores, tuned }) => ({
    name,
    ...meanScores(scores),
    ...(tuned && name in filterWords && { ...settingOf(name), ...tunedAs(tuned) }),
    ...(perImage && { perImage: columnsOf(scores) }),
  }));
  return `${JSON.stringify({ ...facts, results }, undefined, 1)}\n`;
}

function settingOf(name: EvaluationRow["name"]) {
  if (name === "noisy" || name === "network") return undefined;
  const { source, setting } = filterWords[name];
  return { source, setting };
}

function tunedAs({ strength, corrected, psnr }: NonNullable<EvaluationRow["tuned"]>) {
  return { strength, corrected, tunedPsnr: psnr };
}

function columnsOf(scores: readonly ImageScores[]) {
  return {
    psnr: scores.map(({ psnr }) => psnr),
    ...(hasSsim(scores) && { ssim: scores.map(({ ssim }) => ssim) }),
    bce: scores.map(({ bce }) => bce),
    mse: scores.map(({ mse }) => mse),
  };
}
