import { denseBackward as kernels } from "../../../src/kernels/dense.ts";
import { type Family, families, resultGrid } from "../../../src/kernels/family.ts";
import { quads } from "../../../src/math/layout.ts";
import { denseBackward } from "../../../src/reference/dense-backward.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { filled, LayerFixture, overlaid, shapesOf, sumTolerance, untouched } from "./layer-fixture.ts";

export function denseBackwardCases(selection: Selection): KernelCase[] {
  return families.flatMap((family) =>
    shapesOf(family, 0, selection).map(([batch, inputs, outputs]) =>
      denseBackwardCase(family, batch, inputs, outputs),
    ),
  );
}

function denseBackwardCase(family: Family, batch: number, inputs: number, outputs: number): KernelCase {
  const kernel = kernels[family];
  const fixture = new LayerFixture("dense_backward", batch, inputs, outputs);
  const { gradientOffset, inputGradientOffset } = fixture.layout;
  const dy = fixture.numbers.floats(batch * outputs);
  const dx = denseBackward(fixture.layer, fixture.x, dy);
  const before = overlaid(
    filled(4 * (inputGradientOffset + fixture.rows * quads(inputs) + 1), untouched),
    fixture.padded(dy, outputs),
    4 * gradientOffset,
  );
  return kernelCase({
    name: `${kernel.name} ${batch} x ${inputs} <- ${outputs}`,
    kernel,
    buffers: {
      layer: fixture.uniform,
      parameters: fixture.parameters,
      activations: fixture.activations,
      gradients: Float32Array.from(before),
    },
    invocations: resultGrid(kernel, batch, inputs),
    expected: {
      gradients: {
        values: overlaid(before, fixture.padded(dx, inputs), 4 * inputGradientOffset),
        atol: sumTolerance(outputs + 4, 2 / Math.sqrt(inputs)),
        rtol: 2 ** -23,
      },
    },
  });
}
