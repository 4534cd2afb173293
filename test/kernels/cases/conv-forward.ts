import { convForward, upForward } from "../../../src/kernels/conv.ts";
import { tileInvocations } from "../../../src/kernels/conv-sizes.ts";
import { activationConstants } from "../../../src/kernels/dense.ts";
import { convForward as convReference } from "../../../src/reference/conv-forward.ts";
import { upForward as upReference } from "../../../src/reference/up-forward.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { ConvFixture, type ConvVariant, convVariants, skipVariants } from "./conv-fixture.ts";
import { overlaid, sumTolerance } from "./layer-fixture.ts";

/** conv_forward and up_forward. */
export function convForwardCases(selection: Selection): KernelCase[] {
  const activations = ["relu", "linear"] as const;
  return [
    ...activations.flatMap((activation, index) =>
      convVariants(index, selection).map((variant) => forwardCase(activation, variant)),
    ),
    ...skipVariants().map((variant) => forwardCase("relu", variant)),
  ];
}

function forwardCase(activation: "relu" | "linear", variant: ConvVariant): KernelCase {
  const { kind, family, shape, skips = false } = variant;
  const kernel = variant.kind === "conv" ? convForward[variant.family] : upForward[variant.family];
  const reference = kind === "conv" ? convReference : upReference;
  const fixture = new ConvFixture(`${kind}_forward`, kind, shape, { skips });
  const { spec, layer, output, batch } = fixture;
  const y = reference(layer, fixture.x, activation, undefined, fixture.added);
  const activations = fixture.activationsAfter();
  return kernelCase({
    name: `${kernel.name} ${activation}${skips ? " with a skip" : ""} ${JSON.stringify(shape)}`,
    kernel,
    constants: { ACTIVATION: activationConstants[activation] },
    buffers: { layer: fixture.uniform, parameters: fixture.parameters, activations },
    invocations: tileInvocations(family, spec, kind === "conv" ? "gather" : "scatter", batch),
    expected: {
      activations: {
        values: overlaid(activations, fixture.planes(y, output), fixture.places.y),
        atol: sumTolerance(9 * spec.input.channels + 4),
        rtol: 2 ** -23,
      },
    },
  });
}
