import type { Plane } from "../data/plane.ts";
import { mse } from "../metrics/mse.ts";
import { psnr } from "../metrics/psnr.ts";
import { type BiasCorrection, unbias } from "./bias-correction.ts";
import type { ClassicalFilter } from "./filter.ts";

/** A noisy plane and its target. */
export interface PlanePair {
  readonly noisy: Plane;
  readonly clean: Plane;
}

export interface Tuning {
  /** 0 if the filter makes the result worse. */
  readonly strength: number;
  /** The bias correction applied to the filter's output; undefined if it does not help. */
  readonly correction: BiasCorrection | undefined;
  /** The mean PSNR in dB over the pairs used for tuning. */
  readonly psnr: number;
}

/** The number of equal steps in the second search, from the best strength to each of its neighbours. */
const finerSteps = 4;

/** Filters planes with a strength. */
export type ApplyStrength = (planes: readonly Plane[], strength: number) => Promise<readonly Plane[]>;

/** Filters a plane with the tuned settings. The output is in [0, 1]. */
export function applyTuned(
  filter: ClassicalFilter,
  { strength, correction }: Pick<Tuning, "strength" | "correction">,
  noisy: Plane,
): Plane {
  return finished(filter.apply(noisy, strength), correction);
}

/**
 * Finds the strength with the best mean PSNR over the pairs: among 0, which leaves the plane unchanged, and the
 * filter's own strengths, and then among finer steps to the neighbours of the best. If a bias correction is given, it
 * is tried with and without it. `apply` runs the filter, possibly not on this thread. Rejects with a RangeError when
 * there are no pairs.
 */
export async function tuneFilter(
  filter: ClassicalFilter,
  pairs: readonly PlanePair[],
  correction?: BiasCorrection,
  apply: ApplyStrength = async (planes, strength) => planes.map((plane) => filter.apply(plane, strength)),
): Promise<Tuning> {
  if (pairs.length === 0) throw new RangeError("There are no pairs to tune a filter on.");
  const corrections = correction ? [undefined, correction] : [undefined];
  const coarse = [0, ...filter.strengths];
  const trials = await tryStrengths(apply, pairs, coarse, corrections);
  if (filter.whole) return bestOf(trials);
  const finer = corrections.flatMap((one) => {
    const best = bestOf(trials.filter((trial) => trial.correction === one));
    return finerStrengths(coarse, best.strength);
  });
  return bestOf([...trials, ...(await tryStrengths(apply, pairs, [...new Set(finer)], corrections))]);
}

/** A trial for each strength and each correction; the corrections of a strength share one filtering. */
async function tryStrengths(
  apply: ApplyStrength,
  pairs: readonly PlanePair[],
  strengths: readonly number[],
  corrections: readonly (BiasCorrection | undefined)[],
): Promise<Tuning[]> {
  const noisy = pairs.map((pair) => pair.noisy);
  const trials: Tuning[] = [];
  for (const strength of strengths) {
    const outputs = await apply(noisy, strength);
    for (const correction of corrections) {
      const sum = outputs.reduce((total, output, index) => {
        const clean = pairs[index]?.clean.values ?? new Float32Array();
        return total + psnr(mse(finished(output, correction).values, clean));
      }, 0);
      trials.push({ strength, correction, psnr: sum / pairs.length });
    }
  }
  return trials;
}

/** A filter's output, corrected or clipped to [0, 1]. */
export function finished(output: Plane, correction: BiasCorrection | undefined): Plane {
  if (correction) return unbias(output, correction);
  return { ...output, values: output.values.map((value) => Math.min(Math.max(value, 0), 1)) };
}

/** Strengths between `best`, one of the coarse ones, and its neighbours. */
function finerStrengths(coarse: readonly number[], best: number): number[] {
  const place = coarse.indexOf(best);
  const steps = Array.from({ length: finerSteps - 1 }, (_, index) => (index + 1) / finerSteps);
  return [coarse[place - 1], coarse[place + 1]]
    .filter((neighbor) => neighbor !== undefined)
    .flatMap((neighbor) => steps.map((step) => best + step * (neighbor - best)));
}

/** The trial with the highest PSNR; the first one in a tie. */
function bestOf(trials: readonly Tuning[]): Tuning {
  return trials.reduce((best, trial) => (trial.psnr > best.psnr ? trial : best));
}
