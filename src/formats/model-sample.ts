import { forwardPass } from "../reference/forward-pass.ts";
import { referenceLayers } from "../reference/layers.ts";
import type { BlockSize } from "../spec/layer-specs.ts";
import { outputSize } from "../spec/layers.ts";
import { codeOf, imageValues, isConvolutional, type Model } from "../spec/network.ts";
import { encodeSafetensors } from "./safetensors.ts";

/** The number of images in a sample: two, to detect a mixed-up batch. */
const count = 2;

/**
 * A fixed input and a model's output for it, computed in float64, as a safetensors file: `noisy` [2, pixels], `strength` [2] if the
 * network has a noise map, `code` [2, code size] if it has one, and `denoised` [2, pixels]; for convolutions the images are
 * [2, channels, rows, columns], and so are the values of a code in order. Other implementations of the model can compare their results
 * with it.
 */
export function encodeSample({ network, layers: weights }: Model): Uint8Array<ArrayBuffer> {
  // Bytes in an order that resembles noise: 73 and 256 are coprime.
  const noisy = Float32Array.from(
    { length: count * imageValues(network) },
    (_, index) => ((73 * index + 31) % 256) / 255,
  );
  const layers = referenceLayers(network, weights);
  const strengths = network.noiseMap ? [0.1, 0.2] : undefined;
  const through = (end?: number) =>
    Float32Array.from(forwardPass(network, layers, Float64Array.from(noisy), { end, strengths }));
  const [rows, columns] = network.image;
  const planes = isConvolutional(network);
  const pixels = planes ? [count, network.channels, rows, columns] : [count, imageValues(network)];
  const inOrder = (values: Float32Array<ArrayBuffer>, size: BlockSize | undefined) =>
    planes && size ? channelsFirst(values, size) : values;
  const image = { rows, columns, channels: network.channels };
  const code = codeOf(network);
  const codeLayer = code && network.layers[code.depth - 1];
  const codes = code && inOrder(through(code.depth), codeLayer && outputSize(codeLayer));
  return encodeSafetensors(
    new Map([
      ["noisy", { shape: pixels, values: inOrder(noisy, image) }],
      ...(strengths
        ? ([["strength", { shape: [count], values: Float32Array.from(strengths) }]] as const)
        : []),
      ...(codes ? ([["code", { shape: [count, code.size], values: codes }]] as const) : []),
      ["denoised", { shape: pixels, values: inOrder(through(), image) }],
    ]),
  );
}

/** Images [count, pixels, channels] as [count, channels, pixels]. */
function channelsFirst(
  values: Float32Array,
  { rows, columns, channels }: BlockSize,
): Float32Array<ArrayBuffer> {
  const pixels = rows * columns;
  return Float32Array.from(values, (_, place) => {
    const pixel = place % pixels;
    const channel = Math.floor(place / pixels) % channels;
    const image = Math.floor(place / pixels / channels);
    return values[(image * pixels + pixel) * channels + channel] ?? Number.NaN;
  });
}
