import type { OutputName } from "../spec/layer-specs.ts";
import { at } from "./elements.ts";
import { activated } from "./loss.ts";
import { forEachValue, type PixelBlocks } from "./pixels-to-channels.ts";

/** The inverse of pixelsToChannels for logits, followed by the output function of the network with input `images`. */
export function channelsToPixels(
  logits: ArrayLike<number>,
  blocks: PixelBlocks,
  output: OutputName,
  images: ArrayLike<number>,
): Float64Array {
  const result = new Float64Array(logits.length);
  forEachValue(logits.length, blocks, (pixel, channel) => {
    result[pixel] = at(logits, channel);
  });
  return activated(result, output, images);
}
