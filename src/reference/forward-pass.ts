import { skipOf } from "../spec/layers.ts";
import { isConvolutional, type NetworkSpec } from "../spec/network.ts";
import { channelsToPixels } from "./channels-to-pixels.ts";
import { mathOf, type ReferenceLayer } from "./layers.ts";
import { type PixelBlocks, pixelsToChannels } from "./pixels-to-channels.ts";

/** A part of a network's forward pass. */
export interface Pass {
  /** The layers from `first` up to, not including, `end`; by default all of them. */
  readonly first?: number | undefined;
  readonly end?: number | undefined;
  /** The strength of the noise of each image, for a network with a noise map. */
  readonly strengths?: ArrayLike<number> | undefined;
}

/** The forward pass through a network's layers: from X[rows, inputs of the first] to Y[rows, outputs of the last]. */
export function forwardPass(
  network: NetworkSpec,
  layers: readonly ReferenceLayer[],
  x: Float64Array,
  { first = 0, end = layers.length, strengths }: Pass = {},
): Float64Array {
  const planes = isConvolutional(network);
  const blocks = blocksOf(network);
  const outputs: Float64Array[] = [];
  const input = planes && first === 0 ? pixelsToChannels(x, blocks, strengths) : x;
  layers.slice(first, end).forEach((layer, index) => {
    const added = outputs[(skipOf(layer) ?? 0) - first - 1];
    // Convolutions end in logits, which become pictures below.
    const activation = planes && layer.activation !== "relu" ? "linear" : layer.activation;
    outputs.push(mathOf(layer).forward(layer, outputs[index - 1] ?? input, activation, x, added));
  });
  const output = outputs.at(-1) ?? input;
  return planes && end === layers.length ? channelsToPixels(output, blocks, network.output, x) : output;
}

/** How the pixels of a network's images are channels. */
export function blocksOf({ image: [rows, columns], channels, block }: NetworkSpec): PixelBlocks {
  return { rows, columns, channels, block };
}
