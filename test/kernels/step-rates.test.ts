import { expect, test } from "vitest";
import { stepRates } from "../../src/kernels/optimizer.ts";
import { adadeltaPresets, defaultAdam } from "../../src/spec/optimizer.ts";

const second = { epoch: 1, epochs: 4, stepsPerEpoch: 3 };

test("Adadelta's rates equal the schedule's", () => {
  const rates = stepRates(adadeltaPresets.keras2, { kind: "cosine" }, second);
  const expected = [3, 4, 5].flatMap((step) => [(1 + Math.cos((Math.PI * step) / 12)) / 2, 1]);
  expect(Array.from(rates)).toEqual(expected.map(Math.fround));
});

test("Adam's rates correct for running means that start at zero", () => {
  const rates = stepRates(defaultAdam, { kind: "step", epochs: 1, factor: 0.5 }, second);
  // Running means of ones, starting at 0: the rates must divide by their values.
  let [m, v] = [0, 0];
  for (let t = 1; t <= 6; t++) {
    [m, v] = [0.9 * m + 0.1, 0.999 * v + 0.001];
    if (t <= 3) continue;
    expect(rates[2 * (t - 4)]).toBeCloseTo(0.0005 / m, 9);
    expect((rates[2 * (t - 4) + 1] ?? 0) * Math.sqrt(v)).toBeCloseTo(1, 6);
  }
});
