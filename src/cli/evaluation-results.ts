import type { AdapterSummary } from "../device/adapter.ts";
import type { Backend } from "../device/device.ts";
import { type FilterName, filterWords } from "../filters/filter.ts";
import { hasSsim, type ImageScores, meanScores } from "../metrics/image-scores.ts";
import type { EvaluationRow } from "./evaluation-rows.ts";
import { table } from "./text.ts";

/** The rows as a table; without the column SSIM if an image has none. */
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
  // Removes the spaces of empty cells at the ends of lines.
  return table([header, ...lines]).replaceAll(/ +$/gm, "");
}

/** The filter with the best mean PSNR, and the network's mean PSNR minus the filter's. */
interface Lead {
  readonly filter: FilterName;
  readonly psnr: number;
}

/** The network's lead over the best filter; undefined without filters. */
function leadOf(rows: readonly EvaluationRow[]): Lead | undefined {
  const network = rows.find(({ name }) => name === "network");
  const leads = rows.flatMap(({ name, scores }): Lead[] => {
    if (!network || name === "noisy" || name === "network") return [];
    return [{ filter: name, psnr: meanScores(network.scores).psnr - meanScores(scores).psnr }];
  });
  return leads.sort((a, b) => a.psnr - b.psnr)[0];
}

/** "The network's mean PSNR is 0.47 dB higher than that of the best filter, BM3D." Undefined without filters. */
export function leadSentence(rows: readonly EvaluationRow[]): string | undefined {
  const lead = leadOf(rows);
  if (!lead || !Number.isFinite(lead.psnr)) return undefined;
  const [decibels, side] = [Math.abs(lead.psnr).toFixed(2), lead.psnr < 0 ? "lower" : "higher"];
  return `The network's mean PSNR is ${decibels} dB ${side} than that of the best filter, ${filterWords[lead.filter].title}.`;
}

export function strengthText(strength: number): string {
  return String(Number(strength.toPrecision(3)));
}

/** The conditions of an evaluation. */
export interface EvaluationFacts {
  /** Everything needed to repeat it; files are named as the user named them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly backend: Backend;
  readonly adapter: AdapterSummary;
  readonly network: string;
  readonly images: { readonly evaluated: number; readonly tuned: number };
}

/** The results as JSON; with `perImage`, also those of every image. A number that is not finite is null. */
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
  const lead = leadOf(rows);
  return `${JSON.stringify({ ...facts, ...(lead && { lead }), results }, undefined, 1)}\n`;
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
