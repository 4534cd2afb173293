import type { SampleBits } from "../../../src/data/samples.ts";
import { activationConstants, denseLoss as kernels, lossConstants } from "../../../src/kernels/dense.ts";
import { type Family, families, resultGrid } from "../../../src/kernels/family.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { denseForward } from "../../../src/reference/dense-forward.ts";
import { denseLoss, type OutputTask } from "../../../src/reference/dense-loss.ts";
import { lossTerm, outputValue } from "../../../src/reference/loss.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { filled, LayerFixture, overlaid, shapesOf, sumTolerance, untouched } from "./layer-fixture.ts";
import { cursor, packedWords } from "./sweep-fixture.ts";

/** The output layers and losses of networks. */
const ends: readonly (Pick<OutputTask, "output" | "loss"> & { readonly centre?: number })[] = [
  { output: "sigmoid", loss: "bce" },
  { output: "sigmoid", loss: "mse" },
  { output: "linear", loss: "mse" },
  { output: "residual", loss: "mse" },
  { output: "residual", loss: "mse", centre: 0.5 },
];

export function denseLossCases(selection: Selection): KernelCase[] {
  return families.flatMap((family) =>
    ends.flatMap((end, variant) => {
      const shapes = shapesOf(family, variant, selection);
      if (shapes.length === 0) return [];
      return [
        ...shapes.map(([batch, inputs, outputs]) =>
          denseLossCase(family, end, batch, inputs, outputs, batch),
        ),
        // A last step whose samples are fewer than the rows of the batch.
        denseLossCase(family, end, 7, 9, 10, 3),
        denseLossCase(family, end, 8, 9, 12, 1),
        // Logits of +-200, for which the naive forms overflow.
        denseLossCase(family, end, 5, 6, 7, 5, 300),
        // The clean batch in float32.
        denseLossCase(family, end, 7, 9, 10, 3, 1, 16),
      ];
    }),
  );
}

function denseLossCase(
  family: Family,
  { output, loss, centre = 0 }: (typeof ends)[number],
  batch: number,
  inputs: number,
  outputs: number,
  samples: number,
  scale = 1,
  bits: SampleBits = 8,
): KernelCase {
  const kernel = kernels[family];
  const fixture = new LayerFixture("dense_loss", batch, inputs, outputs);
  fixture.layer.weight.forEach((w, k) => {
    fixture.layer.weight[k] = Math.fround(scale * w);
  });
  const { layer, layout } = fixture;
  const bytes = fixture.numbers.bytes(fixture.rows * outputs);
  const clean = Float64Array.from(bytes, (byte, index) =>
    bits === 8 ? byte / 255 : Math.fround((byte + (index % 256) / 256) / 256),
  );
  const x = fixture.x.subarray(0, samples * inputs);
  // The device stores the network's input minus the centre.
  const input = Float64Array.from(fixture.networkInput, (value) => value + centre);
  const task = { output, loss, clean: clean.subarray(0, samples * outputs), input };
  const { gradient } = denseLoss(layer, x, task);

  // Each quad of outputs sums its own part of a row's loss; rows beyond the samples are summed too.
  const allRows = new Float64Array(fixture.rows * inputs);
  allRows.set(fixture.x);
  const logits = denseForward(layer, allRows, "linear");
  const rowQuads = quads(batch);
  const partials = new Float64Array(quads(outputs) * rowQuads * 8);
  // A sigmoid differs from its picture by at most 1; for the other outputs, squaring multiplies the error by the difference.
  let largest = 1;
  logits.forEach((z, index) => {
    const row = Math.floor(index / outputs);
    const column = Math.floor((index % outputs) / 4);
    const place = 8 * (column * rowQuads + Math.floor(row / 4)) + (row % 4);
    const t = clean[index] ?? Number.NaN;
    const pixel = { output, z, x: input[index] ?? Number.NaN, clean: t };
    const picture = Math.min(1, Math.max(0, outputValue(output, z, pixel.x)));
    partials[place] = (partials[place] ?? 0) + lossTerm(loss, pixel);
    partials[place + 4] = (partials[place + 4] ?? 0) + (picture - t) ** 2;
    largest = Math.max(largest, Math.abs(outputValue(output, z, pixel.x) - t));
  });

  const gradients = filled(4 * (layout.inputGradientOffset + 1), untouched);
  const step = 2;
  const sweep = {
    count: step * batch + samples,
    batch,
    pixels: outputs,
    seed: 0,
    noiseStream: streams.trainingNoise,
    epoch: 0,
  };
  return kernelCase({
    name: `${kernel.name} ${output} ${loss}${centre ? " centred" : ""} ${samples} of ${batch} x ${inputs} -> ${outputs}${scale === 1 ? "" : `, weights x ${scale}`}${bits === 8 ? "" : ", deep"}`,
    kernel,
    constants: {
      SAMPLE_BITS: bits,
      ACTIVATION: activationConstants[output],
      LOSS: lossConstants[loss],
      CENTRE: centre,
    },
    buffers: {
      layer: fixture.uniform,
      sweep: sweepUniform(sweep),
      parameters: fixture.parameters,
      activations: fixture.activations,
      cleanBatch: bits === 8 ? packedWords(bytes, outputs) : padRows(clean, fixture.rows, outputs),
      cursor: cursor(99, step),
      gradients,
      partials: filled(partials.length, untouched),
    },
    invocations: resultGrid(kernel, batch, outputs),
    expected: {
      gradients: {
        values: overlaid(gradients, fixture.padded(gradient, outputs), 4 * layout.gradientOffset),
        // The errors of the logit and of the sigmoid, divided by the samples and outputs over which the loss is averaged.
        atol: sumTolerance(inputs + 16, scale) / (samples * outputs),
        rtol: 16 * 2 ** -23,
      },
      partials: {
        values: partials,
        // Four terms: the error of the logit, and that of the logarithm, for which WGSL allows 2^-21.
        atol: 4 * largest * (sumTolerance(inputs + 8, scale) + 2 ** -21),
        rtol: 16 * 2 ** -23,
      },
    },
  });
}
