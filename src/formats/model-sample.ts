import { forwardPass } from "../reference/forward-pass.ts";
import { referenceLayers } from "../reference/layers.ts";
import { codeOf, imageValues, type Model } from "../spec/network.ts";
import { encodeSafetensors } from "./safetensors.ts";

/** Images of a sample: two, so that a batch mixed up shows. */
const count = 2;

/**
 * A fixed input and a model's output for it, computed in float64, as a safetensors file: `noisy` [2, pixels], `code`
 * [2, code size] if the network has one, and `denoised` [2, pixels]. A program that runs the model
 * elsewhere can compare its results with it.
 */
export function encodeSample({ network, layers: weights }: Model): Uint8Array<ArrayBuffer> {
  // Bytes of a picture in an order that looks like noise: 73 has no divisor in common with 256.
  const noisy = Float32Array.from(
    { length: count * imageValues(network) },
    (_, index) => ((73 * index + 31) % 256) / 255,
  );
  const layers = referenceLayers(network, weights);
  const through = (end?: number) =>
    Float32Array.from(forwardPass(layers, Float64Array.from(noisy), end === undefined ? {} : { end }));
  const pixels = [count, imageValues(network)];
  const code = codeOf(network);
  return encodeSafetensors(
    new Map([
      ["noisy", { shape: pixels, values: noisy }],
      ...(code ? ([["code", { shape: [count, code.size], values: through(code.depth) }]] as const) : []),
      ["denoised", { shape: pixels, values: through() }],
    ]),
  );
}
