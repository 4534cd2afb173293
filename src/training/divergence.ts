import { noTrouble } from "../kernels/sweep.ts";
import type { LossName } from "../spec/settings.ts";
import { DivergenceError } from "./divergence-error.ts";
import type { EpochReport } from "./history.ts";

/** The loss of a constant grey of 0.5; for the squared error an upper bound. */
const greyLoss = { bce: Math.LN2, mse: 0.25 } as const satisfies Record<LossName, number>;

/** A loss of this many times that of grey does not occur in a working training. */
const exploded = 1000;

/**
 * The divergence in an epoch, if any: a number that is not finite, or a loss that explodes. A loss explodes if the
 * validation after the epoch is a thousand times worse than grey, and worse than at the start of the epoch. No
 * plateau is that high: a sigmoid's squared error is at most 1, its cross-entropy reaches 693 only if the logits are
 * off by as much, and a linear output needs errors of 16 times the range from black to white. A run that starts from
 * such bad weights but improves is not stopped.
 *
 * `trouble` is the first step, from 0, with a number that is not finite on the device.
 */
export function divergenceIn(
  { record: { epoch, loss, valLoss }, stepLosses }: EpochReport,
  lossName: LossName,
  trouble: number = noTrouble,
): DivergenceError | undefined {
  const last = stepLosses.length - 1;
  /** The first step with such a loss. If only the validation shows it, the last step. */
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
