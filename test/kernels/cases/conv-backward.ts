import { convBackward, upBackward } from "../../../src/kernels/conv.ts";
import { tileInvocations } from "../../../src/kernels/conv-sizes.ts";
import { convBackward as convReference } from "../../../src/reference/conv-backward.ts";
import { upBackward as upReference } from "../../../src/reference/up-backward.ts";
import { valuesOf } from "../../../src/spec/layer-specs.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { ConvFixture, type ConvVariant, convVariants, skipVariants } from "./conv-fixture.ts";
import { overlaid, sumTolerance } from "./layer-fixture.ts";

/** conv_backward and up_backward. */
export function convBackwardCases(selection: Selection): KernelCase[] {
  return [...convVariants(0, selection), ...skipVariants()].map(backwardCase);
}

function backwardCase(variant: ConvVariant): KernelCase {
  const { kind, family, shape, skips = false } = variant;
  const kernel = variant.kind === "conv" ? convBackward[variant.family] : upBackward[variant.family];
  const reference = kind === "conv" ? convReference : upReference;
  const fixture = new ConvFixture(`${kind}_backward`, kind, shape, { skips });
  const { spec, layer, output, batch } = fixture;
  const dy = fixture.numbers.floats(batch * valuesOf(output));
  const dx = reference(layer, fixture.x, dy, fixture.adder);
  const gradients = fixture.gradients(dy);
  return kernelCase({
    name: `${kernel.name}${skips ? " with a skip" : ""} ${JSON.stringify(shape)}`,
    kernel,
    buffers: {
      layer: fixture.uniform,
      parameters: fixture.parameters,
      activations: fixture.activationsAfter(),
      gradients,
    },
    invocations: tileInvocations(family, spec, kind === "conv" ? "scatter" : "gather", batch),
    expected: {
      gradients: {
        values: overlaid(gradients, fixture.planes(dx, spec.input), fixture.places.dx),
        atol: sumTolerance(9 * spec.channels + 4, 2 / Math.sqrt(9 * spec.input.channels)),
        rtol: 2 ** -23,
      },
    },
  });
}
