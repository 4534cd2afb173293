import { channelsToPixels, pixelsToChannels } from "../../../src/kernels/conv.ts";
import { activationConstants } from "../../../src/kernels/dense.ts";
import { padRows, planeBlock, quads } from "../../../src/math/layout.ts";
import { channelsToPixels as toPixels } from "../../../src/reference/channels-to-pixels.ts";
import {
  type PixelBlocks,
  pixelsToChannels as toChannels,
} from "../../../src/reference/pixels-to-channels.ts";
import { type OutputName, outputNames } from "../../../src/spec/layer-specs.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { planesOf } from "./conv-fixture.ts";
import { filled, overlaid, untouched } from "./layer-fixture.ts";

const shapes: readonly (PixelBlocks & { readonly batch: number; readonly noiseMap?: boolean })[] = [
  { rows: 1, columns: 1, channels: 1, block: 1, batch: 1 },
  { rows: 5, columns: 7, channels: 1, block: 1, batch: 3 },
  { rows: 4, columns: 3, channels: 3, block: 1, batch: 2 },
  { rows: 6, columns: 10, channels: 3, block: 2, batch: 9 },
  { rows: 2, columns: 4, channels: 1, block: 2, batch: 1 },
  { rows: 4, columns: 6, channels: 1, block: 2, batch: 3, noiseMap: true },
  { rows: 3, columns: 5, channels: 3, block: 1, batch: 2, noiseMap: true },
];

/** pixels_to_channels and channels_to_pixels. */
export function planePictureCases(): KernelCase[] {
  return shapes.flatMap((shape) => [
    toChannelsCase(shape),
    ...(shape.noiseMap ? [] : outputNames.map((output) => toPixelsCase(shape, output))),
  ]);
}

/** Pictures, planes and pictures again in `activations`, with gaps between them. */
function placed(shape: (typeof shapes)[number]) {
  const { rows, columns, channels, block, batch, noiseMap = false } = shape;
  const depth = channels * block * block + (noiseMap ? 1 : 0);
  const size = { rows: rows / block, columns: columns / block, channels: depth };
  const values = rows * columns * channels;
  const words = quads(values);
  const strengths = noiseMap ? batch * words + 1 : 0;
  const plane = batch * words + 3 + (noiseMap ? batch : 0);
  const planes = planeBlock(size, batch);
  const pictures = plane + planes.quads + 2;
  return {
    ...{ size, values, words, plane, pictures, strengths },
    numbers: new MadeNumbers(`planes ${JSON.stringify(shape)}`),
    blocks: Uint32Array.from([
      ...[batch, rows, columns, channels, block, words],
      ...[plane + planes.start, pictures, strengths, 0, 0, 0],
    ]),
    activations: filled(4 * (pictures + batch * words + 1), untouched).fill(
      0,
      4 * plane,
      4 * (plane + planes.quads),
    ),
  };
}

function toChannelsCase(shape: (typeof shapes)[number]): KernelCase {
  const { size, values, plane, strengths, numbers, blocks, activations } = placed(shape);
  const images = numbers.floats(shape.batch * values);
  activations.set(padRows(images, shape.batch, values));
  const drawn = shape.noiseMap ? numbers.floats(shape.batch, 0, 1) : undefined;
  drawn?.forEach((strength, image) => {
    activations[4 * (strengths + image)] = strength;
  });
  const planes = planesOf(toChannels(images, shape, drawn), size, shape.batch);
  return kernelCase({
    name: `${pixelsToChannels.name} ${JSON.stringify(shape)}`,
    kernel: pixelsToChannels,
    buffers: { blocks, activations },
    invocations: planeBlock(size, shape.batch).pixels,
    expected: { activations: { values: overlaid(activations, planes, 4 * plane), atol: 0, rtol: 0 } },
  });
}

function toPixelsCase(shape: (typeof shapes)[number], output: OutputName): KernelCase {
  const { size, values, words, plane, pictures, numbers, blocks, activations } = placed(shape);
  const images = numbers.floats(shape.batch * values);
  const logits = numbers.floats(shape.batch * values, -9, 9);
  activations.set(padRows(images, shape.batch, values));
  activations.set(planesOf(logits, size, shape.batch), 4 * plane);
  const result = toPixels(logits, shape, output, images);
  const padded = new Float64Array(4 * shape.batch * words);
  result.forEach((value, index) => {
    padded[Math.floor(index / values) * 4 * words + (index % values)] = value;
  });
  return kernelCase({
    name: `${channelsToPixels.name} ${output} ${JSON.stringify(shape)}`,
    kernel: channelsToPixels,
    constants: { ACTIVATION: activationConstants[output] },
    buffers: { blocks, activations },
    invocations: [words, shape.batch],
    expected: {
      activations: {
        values: overlaid(activations, padded, 4 * pictures),
        atol: 2 ** -22,
        // WGSL allows an error of 3 + 2 |x| ULP for exp.
        rtol: output === "sigmoid" ? 32 * 2 ** -23 : 2 ** -23,
      },
    },
  });
}
