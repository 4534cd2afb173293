import type { TrainingSpec } from "../../spec/settings.ts";

/** What a network's output can be compared with: clean pictures, another noisy shot of the scene, or neither. */
export type Comparison = "clean" | "other shot" | "nothing";

/** What the output of a run is compared with. Pictures to which a run adds noise are clean, also if it trains without them. */
export function comparedWith({
  selfSupervised,
  noise2noise,
  noise,
}: Pick<TrainingSpec, "selfSupervised" | "noise2noise" | "noise">): Comparison {
  if (noise2noise) return "other shot";
  return selfSupervised && noise.stages.length === 0 ? "nothing" : "clean";
}

/** Whether a run on images with measured noisy twins uses them: twins get no noise, and blind spots learn from one picture alone. */
export function usesTwins({
  selfSupervised,
  noise,
}: Pick<TrainingSpec, "selfSupervised" | "noise">): boolean {
  return !selfSupervised && noise.stages.length === 0;
}

/** The title of the PSNR that training reports after each epoch. */
export function validationPsnrTitle({
  selfSupervised,
  noise2noise,
}: Pick<TrainingSpec, "selfSupervised" | "noise2noise">): string {
  return selfSupervised || noise2noise ? noisyPsnrTitle : "Validation PSNR";
}

/** The title of a PSNR that is not measured against clean pictures. */
export const noisyPsnrTitle = "PSNR to noisy pixels";
