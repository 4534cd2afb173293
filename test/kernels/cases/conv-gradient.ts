import { convGradient as kernels } from "../../../src/kernels/conv.ts";
import { gradientInvocations } from "../../../src/kernels/conv-sizes.ts";
import { planeBlock } from "../../../src/math/layout.ts";
import { convGradient } from "../../../src/reference/conv-gradient.ts";
import { valuesOf } from "../../../src/spec/layer-specs.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { ConvFixture, type ConvVariant, convVariants } from "./conv-fixture.ts";
import { filled, sumTolerance, untouched } from "./layer-fixture.ts";

export function convGradientCases(selection: Selection): KernelCase[] {
  return [1, 3].flatMap((splits, index) =>
    convVariants(index, selection).map((variant) => gradientCase(splits, variant)),
  );
}

/** The parts of a gradient: the pixels of a split have the gradient of images whose other pixels are zeros. */
function gradientCase(splits: number, { family, kind, shape }: ConvVariant): KernelCase {
  const kernel = kernels[family];
  const fixture = new ConvFixture("conv_gradient", kind, shape, { splits });
  const { spec, layer, output, batch, x } = fixture;
  const dy = fixture.numbers.floats(batch * valuesOf(output));
  const up = kind === "up";
  const parts = Array.from({ length: splits }, (_, split) => {
    const gradient = {
      weight: new Float64Array(layer.weight.length),
      bias: new Float64Array(layer.bias.length),
    };
    const ofBias = { ...gradient, weight: new Float64Array(layer.weight.length) };
    // The split of the weights is by the pixels of the small images, that of the bias by those of dY.
    const [smallX, smallDy] = up
      ? [inSplit(x, layer.small, split, splits), dy]
      : [x, inSplit(dy, layer.small, split, splits)];
    convGradient({ ...gradient, bias: new Float64Array(layer.bias.length) }, layer, smallX, smallDy, up);
    convGradient(ofBias, layer, x, inSplit(dy, output, split, splits), up);
    return fixture.packed({ weight: gradient.weight, bias: ofBias.bias }, untouched);
  });
  const before = filled(splits * 4 * fixture.network.parameterQuads, untouched);
  const values = new Float64Array(before.length);
  parts.forEach((part, split) => {
    values.set(part, split * part.length);
  });
  return kernelCase({
    name: `${kernel.name} ${kind} ${JSON.stringify(shape)} in ${splits}`,
    kernel,
    constants: { UP: up ? 1 : 0 },
    buffers: {
      layer: fixture.uniform,
      activations: fixture.activationsAfter(),
      gradients: fixture.gradients(dy),
      parts: before,
    },
    invocations: gradientInvocations(family, spec, splits),
    expected: {
      parts: {
        values,
        atol: sumTolerance(planeBlock(output, batch).pixels + 4),
        rtol: 2 ** -23,
      },
    },
  });

  /** The values of images whose pixel of planes is in a split; zeros elsewhere. */
  function inSplit(
    values: Float32Array,
    size: { readonly rows: number; readonly columns: number; readonly channels: number },
    split: number,
    splits: number,
  ): Float32Array {
    const { pixels } = planeBlock(size, batch);
    const each = 4 * Math.ceil(pixels / (4 * splits));
    return values.map((value, index) => {
      const pixel = Math.floor(index / size.channels);
      const line = Math.floor(pixel / size.columns);
      const row = Math.floor(line / size.rows) * (size.rows + 1) + (line % size.rows);
      const place = row * (size.columns + 1) + (pixel % size.columns);
      return Math.floor(place / each) === split ? value : 0;
    });
  }
}
