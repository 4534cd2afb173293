import { noTrouble } from "../kernels/sweep.ts";
import type { LossName } from "../spec/settings.ts";
import { DivergenceError } from "./divergence-error.ts";
import type { EpochReport } from "./history.ts";

/** The loss of a constant grey of 0.5; for the squared error an upper bound. */
const greyLoss = { bce: Math.LN2, mse: 0.25 } as const satisfies Record<LossName, number>;

/** How many times worse than grey is beyond everything that a training passes through on its way. */
const exploded = 1000;

/**
 * What went astray in an epoch, if anything: a number that is not finite, or a loss that explodes. It does where the
 * validation after the epoch is a thousand times worse than grey, and worse than the epoch began. No plateau comes near:
 * a sigmoid's squared error is at most 1, its cross-entropy is 693 only where the logits are off by as much, and a
 * linear output needs errors of 16 times the range from black to white. A run that starts from weights as bad as that,
 * but gets better, is left alone.
 *
 * `trouble` is the first step, from 0, in which the device met a number that is not finite.
 */
export function divergenceIn(
  { record: { epoch, loss, valLoss }, stepLosses }: EpochReport,
  lossName: LossName,
  trouble: number = noTrouble,
): DivergenceError | undefined {
  const last = stepLosses.length - 1;
  /** The first step with such a loss; what shows in the validation alone came of the last. */
  const firstStep = (is: (loss: number) => boolean) => {
    const index = stepLosses.findIndex(is);
    return index < 0 ? last : index;
  };
  const infinite = (value: number) => !Number.isFinite(Math.fround(value));
  if (trouble !== noTrouble || infinite(loss) || infinite(valLoss)) {
    return new DivergenceError(epoch, Math.min(trouble, firstStep(infinite)) + 1);
  }
  const grey = greyLoss[lossName];
  const [begun = 0] = stepLosses;
  if (valLoss <= exploded * grey || valLoss <= begun) return undefined;
  const step = firstStep((value) => value > Math.max(exploded * grey, begun));
  const what = `the loss grew to ${valLoss.toPrecision(3)}, but a constant grey has ${grey.toPrecision(2)}`;
  return new DivergenceError(epoch, step + 1, what);
}
