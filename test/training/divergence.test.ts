import { describe, expect, test } from "vitest";
import { divergenceIn } from "../../src/training/divergence.ts";

const report = (stepLosses: number[], valLoss: number) => ({
  record: {
    epoch: 3,
    loss: stepLosses.reduce((sum, loss) => sum + loss, 0) / stepLosses.length,
    valLoss,
    valPsnr: 0,
    seconds: 1,
  },
  stepLosses,
});

describe("a training goes astray", () => {
  test.each([
    [
      "a number that the device met",
      report([1, 1, 1], 1),
      1,
      /in epoch 3 at step 2: a weight or a loss is no longer/,
    ],
    ["a loss that is none", report([1, Number.NaN, 1], 1), undefined, /at step 2: a weight or a loss/],
    ["a loss beyond float32", report([1, 1, 1], 1e39), undefined, /at step 3: a weight or a loss/],
    [
      "a loss that explodes",
      report([0.2, 9, 251, 1e4], 30_000),
      undefined,
      /at step 3: the loss grew to 3\.00e\+4, but a constant grey has 0\.25; choose another initialization, or lower the learning rate\.$/,
    ],
    ["what only the validation shows", report([0.2, 0.2], 251), undefined, /at step 2: the loss grew to 251/],
  ])("with %s", (_what, epoch, trouble, message) => {
    expect(divergenceIn(epoch, "mse", trouble)?.message).toMatch(message);
  });

  test.each([
    ["black instead of white, by a sigmoid", report([1, 1, 1], 1), "mse"],
    // float32's largest logit before exp(-z) underflows.
    ["a saturated sigmoid that is always wrong", report([100, 103, 104], 104), "bce"],
    ["a peak that is over", report([0.2, 5000, 3], 0.3), "mse"],
    ["a wild beginning that gets better", report([5000, 4000, 3000], 2000), "mse"],
  ] as const)("but not with %s", (_what, epoch, loss) => {
    expect(divergenceIn(epoch, loss)).toBeUndefined();
  });
});
