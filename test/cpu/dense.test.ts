import { describe, expect, test } from "vitest";
import { cpuMath } from "../../src/cpu/dense.ts";
import type { OutputTask } from "../../src/reference/dense-loss.ts";
import { type LayerMath, type ReferenceLayer, referenceMath } from "../../src/reference/layers.ts";
import { newGradient } from "../../src/reference/weight-update.ts";
import { activationNames, outputNames } from "../../src/spec/layers.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

/** Sizes around those of a tile, 2 rows by 4. */
const sizes = [
  { rows: 1, inputs: 1, outputs: 1 },
  { rows: 2, inputs: 4, outputs: 4 },
  { rows: 3, inputs: 5, outputs: 7 },
  { rows: 7, inputs: 9, outputs: 6 },
] as const;

describe.each(sizes)("what the CPU computes is what plain loops compute: %o", ({ rows, inputs, outputs }) => {
  const made = new MadeNumbers(`dense ${rows} ${inputs} ${outputs}`);
  const numbers = (count: number) => Float64Array.from(made.floats(count, -1, 1));
  const layer: ReferenceLayer<"dense"> = {
    ...{ kind: "dense", inputs, outputs, activation: "relu" },
    ...{ weight: numbers(outputs * inputs), bias: numbers(outputs) },
  };
  const [x, dy] = [numbers(rows * inputs), numbers(rows * outputs)];
  const same = (compute: (math: LayerMath["dense"]) => Iterable<number>) => {
    const [found, expected] = [cpuMath, referenceMath].map(({ dense }) => [...compute(dense)]);
    expect(found?.length).toBe(expected?.length);
    // The products are added up in another order.
    found?.forEach((value, index) => {
      expect(value).toBeCloseTo(expected?.[index] ?? Number.NaN, 12);
    });
  };

  test.each(activationNames)("forward, %s", (activation) => {
    same(({ forward }) => forward(layer, x, activation, dy));
  });

  test("backward", () => {
    same(({ backward }) => backward(layer, x, dy));
  });

  test("the gradient, added to what was there", () => {
    same(({ addGradient }) => {
      const sums = newGradient(layer);
      addGradient(sums, layer, x, dy);
      addGradient(sums, layer, x, dy);
      return [...sums.weight, ...sums.bias];
    });
  });

  test.each(outputNames)("the loss of the output %s, of a part of a batch", (output) => {
    const task: OutputTask = { output, loss: "mse", clean: dy, input: dy, samples: rows + 3 };
    same(({ loss }) => {
      const { gradient, losses, squaredErrors } = loss(layer, x, task);
      return [...gradient, ...losses, ...squaredErrors];
    });
  });
});
