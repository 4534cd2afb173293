import { convForward, upForward } from "../../../src/kernels/conv.ts";
import { convSizes, tileInvocations } from "../../../src/kernels/conv-sizes.ts";
import { activationConstants } from "../../../src/kernels/dense.ts";
import { convForward as convReference } from "../../../src/reference/conv-forward.ts";
import { upForward as upReference } from "../../../src/reference/up-forward.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { ConvFixture, type ConvShape, convShapesOf, edgeShapes, upShapes } from "./conv-fixture.ts";
import { overlaid, sumTolerance } from "./layer-fixture.ts";

/** conv_forward and up_forward. */
export function convForwardCases(selection: Selection): KernelCase[] {
  const activations = ["relu", "linear"] as const;
  return [
    ...activations.flatMap((activation, variant) => [
      ...convShapesOf(variant, selection).map((shape) => forwardCase("conv", activation, shape)),
      ...upShapes.map((shape) => forwardCase("up", activation, shape)),
    ]),
    ...edgeShapes.map((shape) => forwardCase("conv", "relu", shape, true)),
    ...upShapes.slice(2, 3).map((shape) => forwardCase("up", "relu", shape, true)),
  ];
}

function forwardCase(
  kind: "conv" | "up",
  activation: "relu" | "linear",
  shape: ConvShape,
  skips = false,
): KernelCase {
  const [kernel, reference] = kind === "conv" ? [convForward, convReference] : [upForward, upReference];
  const fixture = new ConvFixture(kernel.name, kind, shape, { skips });
  const { spec, layer, output, batch } = fixture;
  const y = reference(layer, fixture.x, activation, undefined, fixture.added);
  const activations = fixture.activationsAfter();
  return kernelCase({
    name: `${kernel.name} ${activation}${skips ? " with a skip" : ""} ${JSON.stringify(shape)}`,
    kernel,
    constants: { ACTIVATION: activationConstants[activation] },
    buffers: { layer: fixture.uniform, parameters: fixture.parameters, activations },
    invocations: tileInvocations(convSizes(spec).small, spec.channels, batch),
    expected: {
      activations: {
        values: overlaid(activations, fixture.planes(y, output), fixture.places.y),
        atol: sumTolerance(9 * spec.input.channels + 4),
        rtol: 2 ** -23,
      },
    },
  });
}
