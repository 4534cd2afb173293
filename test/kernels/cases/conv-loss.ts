import type { SampleBits } from "../../../src/data/samples.ts";
import { convLoss as kernels } from "../../../src/kernels/conv.ts";
import { partInvocations } from "../../../src/kernels/conv-sizes.ts";
import { activationConstants, lossConstants } from "../../../src/kernels/dense.ts";
import type { LossFamily } from "../../../src/kernels/family.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { convForward } from "../../../src/reference/conv-forward.ts";
import type { OutputTask } from "../../../src/reference/dense-loss.ts";
import { lossDerivative, lossTerm, outputValue } from "../../../src/reference/loss.ts";
import { forEachValue } from "../../../src/reference/pixels-to-channels.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { ConvFixture, type ConvShape } from "./conv-fixture.ts";
import { filled, overlaid, sumTolerance } from "./layer-fixture.ts";
import { cursor, packedWords } from "./sweep-fixture.ts";

type End = Pick<OutputTask, "output" | "loss">;

/** The output layers and losses of networks. */
const ends: readonly End[] = [
  { output: "sigmoid", loss: "bce" },
  { output: "sigmoid", loss: "mse" },
  { output: "linear", loss: "mse" },
  { output: "residual", loss: "mse" },
];

/** Planes of the last layer, with the sides of a picture's blocks and the samples of the step. */
interface LossShape extends ConvShape {
  readonly block: number;
  readonly samples: number;
}

const shapes: readonly LossShape[] = [
  { input: [1, 1, 1], channels: 1, batch: 1, block: 1, samples: 1 },
  { input: [2, 2, 1], channels: 1, batch: 5, block: 1, samples: 5 },
  { input: [1, 4, 2], channels: 1, batch: 2, block: 1, samples: 2 },
  { input: [5, 1, 2], channels: 1, batch: 3, block: 1, samples: 3 },
  { input: [5, 7, 3], channels: 1, batch: 6, block: 1, samples: 6 },
  { input: [4, 5, 5], channels: 3, batch: 5, block: 1, samples: 2 },
  { input: [9, 3, 17], channels: 12, batch: 3, block: 2, samples: 3 },
  { input: [3, 4, 8], channels: 4, batch: 2, block: 2, samples: 1 },
  { input: [22, 25, 6], channels: 1, batch: 2, block: 1, samples: 2 },
  { input: [6, 11, 5], channels: 36, batch: 2, block: 6, samples: 2 },
  { input: [5, 6, 9], channels: 1, batch: 5, block: 1, samples: 3 },
  { input: [2, 19, 4], channels: 1, batch: 2, block: 1, samples: 2 },
];

export function convLossCases(selection: Selection): KernelCase[] {
  return (["tile8", "workgroup"] as const).flatMap((family, index) =>
    ends.flatMap((end, variant) => {
      const all = selection === "all" || variant === 0 || (index === 0 && end.output === "residual");
      const few = index === 0 ? shapes.slice(5, 7) : [];
      const deep = shapes.slice(3, 8).map((shape) => lossCase(family, end, shape, 16));
      // Some values count: in one channel, whole parts and their ends; colours; blocks.
      const blind = [4, 6, 8, 11].flatMap((index) => shapes.slice(index, index + 1));
      return [
        ...(all ? shapes : few).map((shape) => lossCase(family, end, shape)),
        ...(all ? deep : []),
        ...(all ? blind : blind.slice(0, 1)).map((shape) => lossCase(family, end, shape, 16, 5.25)),
      ];
    }),
  );
}

function lossCase(
  family: LossFamily,
  { output, loss }: End,
  shape: LossShape,
  bits: SampleBits = 8,
  /** Of the values that count, about every third; 0 if all count. */
  weight = 0,
): KernelCase {
  const kernel = kernels[family];
  const { batch, block, samples, channels } = shape;
  const [planeRows, planeColumns] = shape.input;
  const size = {
    rows: planeRows * block,
    columns: planeColumns * block,
    channels: channels / block / block,
    block,
  };
  const pixels = size.rows * size.columns * size.channels;
  const rows = 4 * quads(batch);
  const fixture = new ConvFixture("conv_loss", "conv", shape, { before: rows * quads(pixels) + 3 });
  const networkInput = fixture.numbers.floats(batch * pixels);
  const bytes = fixture.numbers.bytes(rows * pixels);
  // Of a clean batch in float32, numbers that no byte stands for.
  const cleanImages = Float64Array.from(bytes, (byte, index) =>
    bits === 8 ? byte / 255 : Math.fround((byte + (index % 256) / 256) / 256),
  );
  const counted = fixture.numbers
    .bytes(rows * pixels)
    .map((byte) => (weight === 0 || byte % 3 === 0 ? 1 : 0));
  const logits = convForward(fixture.layer, fixture.x, "linear");
  const { gradient, losses, errors, largest } = scores();

  const step = 2;
  const sweep = {
    ...{ count: step * batch + samples, batch, pixels },
    ...{ seed: 0, noiseStream: streams.trainingNoise, epoch: 0 },
  };
  const gradients = fixture.gradients(new Float32Array(batch * pixels));
  const partials = filled(8 * quads(pixels) * quads(batch), 0);
  const expectedPartials = Float64Array.from(partials);
  losses.forEach((part, place) => {
    expectedPartials[place] = part;
    expectedPartials[place + 4] = errors[place] ?? Number.NaN;
  });
  return kernelCase({
    name: `${kernel.name} ${output} ${loss} ${JSON.stringify(shape)}${bits === 8 ? "" : ", deep"}${weight === 0 ? "" : ", counted"}`,
    kernel,
    constants: {
      ...{ SAMPLE_BITS: bits, ACTIVATION: activationConstants[output], LOSS: lossConstants[loss] },
      ...(weight !== 0 && { WEIGHT: weight }),
    },
    buffers: {
      layer: fixture.uniform,
      blocks: Uint32Array.from([
        ...[batch, size.rows, size.columns, size.channels, block],
        ...[quads(pixels), fixture.layout.outputOffset, 0, 0, 0, 0, 0],
      ]),
      sweep: sweepUniform(sweep),
      parameters: fixture.parameters,
      activations: fixture.activationsAfter(padRows(networkInput, batch, pixels)),
      cleanBatch: bits === 8 ? packedWords(bytes, pixels) : padRows(cleanImages, rows, pixels),
      cursor: cursor(99, step),
      gradients,
      partials,
      counted: packedWords(counted, pixels),
    },
    invocations: partInvocations(family, fixture.output, batch),
    expected: {
      gradients: {
        values: overlaid(gradients, fixture.planes(gradient, fixture.output), fixture.places.dy),
        // The errors of the logit and of the sigmoid, divided by the samples and outputs over which the loss is averaged.
        atol: (Math.max(1, weight) * sumTolerance(9 * shape.input[2] + 16)) / (samples * pixels),
        rtol: 16 * 2 ** -23,
      },
      partials: {
        values: expectedPartials,
        // Eight pixels: the error of their logits, and that of the logarithm, for which WGSL allows 2^-21.
        atol:
          Math.max(1, weight) * 8 * channels * largest * (sumTolerance(9 * shape.input[2] + 8) + 2 ** -21),
        rtol: 16 * 2 ** -23,
      },
    },
  });

  /** The gradients as planes' channels, and the sums by their places in `partials`. */
  function scores() {
    const gradient = new Float64Array(batch * pixels);
    const [losses, errors] = [new Map<number, number>(), [] as number[]];
    let largest = 1;
    forEachValue(batch * pixels, size, (pixel, channel) => {
      const image = Math.floor(pixel / pixels);
      const clean = cleanImages[pixel] ?? Number.NaN;
      const one = { output, z: logits[channel] ?? Number.NaN, x: networkInput[pixel] ?? Number.NaN, clean };
      const times = (counted[pixel] ?? Number.NaN) * Math.max(1, weight);
      if (image < samples) gradient[channel] = (times * lossDerivative(loss, one)) / (samples * pixels);
      const planePixel = Math.floor((channel % pixels) / channels);
      const place = Math.floor(planePixel / planeColumns) * (planeColumns + 1) + (planePixel % planeColumns);
      const partial = 8 * (Math.floor(place / 8) * quads(batch) + Math.floor(image / 4)) + (image % 4);
      const value = outputValue(output, one.z, one.x);
      losses.set(partial, (losses.get(partial) ?? 0) + times * lossTerm(loss, one));
      errors[partial] = (errors[partial] ?? 0) + times * (Math.min(1, Math.max(0, value)) - clean) ** 2;
      largest = Math.max(largest, Math.abs(value - clean));
    });
    return { gradient, losses, errors, largest };
  }
}
