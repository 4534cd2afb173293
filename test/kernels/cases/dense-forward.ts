import { activationConstants, denseForward as kernels } from "../../../src/kernels/dense.ts";
import { type Family, families, resultGrid } from "../../../src/kernels/family.ts";
import { denseForward } from "../../../src/reference/dense-forward.ts";
import { type ActivationName, activationNames } from "../../../src/spec/layer-specs.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { LayerFixture, overlaid, shapesOf, sumTolerance } from "./layer-fixture.ts";

export function denseForwardCases(selection: Selection): KernelCase[] {
  return families.flatMap((family) =>
    [
      ...activationNames.map((activation) => ({ activation })),
      { activation: "residual", centre: 0.5 } as const,
    ].flatMap((end, variant) =>
      shapesOf(family, variant, selection).map(([batch, inputs, outputs]) =>
        denseForwardCase(family, end, batch, inputs, outputs),
      ),
    ),
  );
}

function denseForwardCase(
  family: Family,
  { activation, centre = 0 }: { readonly activation: ActivationName; readonly centre?: number },
  batch: number,
  inputs: number,
  outputs: number,
): KernelCase {
  const kernel = kernels[family];
  const fixture = new LayerFixture("dense_forward", batch, inputs, outputs);
  // The rows that fill up the batch are computed too, as rows of zeros.
  const x = new Float32Array(fixture.rows * inputs);
  x.set(fixture.x);
  // The device stores the network's input minus the centre.
  const input = Float64Array.from(fixture.networkInput, (value) => value + centre);
  const y = denseForward(fixture.layer, x, activation, input);
  const activations = fixture.activations;
  return kernelCase({
    name: `${kernel.name} ${activation}${centre ? " centred" : ""} ${batch} x ${inputs} -> ${outputs}`,
    kernel,
    constants: { ACTIVATION: activationConstants[activation], CENTRE: centre },
    buffers: { layer: fixture.uniform, parameters: fixture.parameters, activations },
    invocations: resultGrid(kernel, batch, outputs),
    expected: {
      activations: {
        values: overlaid(activations, fixture.padded(y, outputs), 4 * fixture.layout.outputOffset),
        atol: sumTolerance(inputs + 4),
        // WGSL allows an error of 3 + 2 |x| ULP for exp.
        rtol: activation === "sigmoid" ? 16 * 2 ** -23 : 2 ** -23,
      },
    },
  });
}
