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

describe("a training diverges", () => {
  test.each([
    [
      "a NaN that the device detected",
      report([1, 1, 1], 1),
      1,
      /in epoch 3 at step 2: a weight or a loss is no longer/,
    ],
    [
      "a loss that is not a number",
      report([1, Number.NaN, 1], 1),
      undefined,
      /at step 2: a weight or a loss/,
    ],
    [
      "a loss larger than float32 allows",
      report([1, 1, 1], 1e39),
      undefined,
      /at step 3: a weight or a loss/,
    ],
    [
      "a loss that explodes",
      report([0.2, 9, 251, 1e4], 30_000),
      undefined,
      /at step 3: the loss grew to 3\.00e\+4, but a constant grey has 0\.25; choose another initialization, or lower the learning rate\.$/,
    ],
    [
      "a validation loss that explodes",
      report([0.2, 0.2], 251),
      undefined,
      /at step 2: the loss grew to 251/,
    ],
  ])("with %s", (_what, epoch, trouble, message) => {
    expect(divergenceIn(epoch, "mse", trouble)?.message).toMatch(message);
  });

  test.each([
    ["black instead of white from a sigmoid", report([1, 1, 1], 1), "mse"],
    // The largest logit in float32 before exp(-z) underflows.
    ["a saturated sigmoid that is always wrong", report([100, 103, 104], 104), "bce"],
    ["a past peak", report([0.2, 5000, 3], 0.3), "mse"],
    ["a very high initial loss that decreases", report([5000, 4000, 3000], 2000), "mse"],
  ] as const)("but not with %s", (_what, epoch, loss) => {
    expect(divergenceIn(epoch, loss)).toBeUndefined();
  });
});
