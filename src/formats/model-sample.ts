import { denseLayers } from "../reference/dense-layer.ts";
import { forwardPass } from "../reference/forward-pass.ts";
import { codeSize, encoderDepth, type Model } from "../spec/network.ts";
import { encodeSafetensors } from "./safetensors.ts";

/** Images of a sample: two, so that a batch mixed up shows. */
const count = 2;

/**
 * A fixed input and what a model makes of it, computed in float64, as a safetensors file: `noisy` [2, pixels], `code`
 * [2, code size] and `denoised` [2, pixels]. Whoever runs the model elsewhere can hold their own results against it.
 */
export function encodeSample({ network, layers }: Model): Uint8Array<ArrayBuffer> {
  // Bytes of a picture in an order that looks like noise: 73 has no divisor in common with 256.
  const noisy = Float32Array.from(
    { length: count * network.inputs },
    (_, index) => ((73 * index + 31) % 256) / 255,
  );
  const dense = denseLayers(network, layers);
  const code = encoderDepth(network);
  const through = (end: number) =>
    Float32Array.from(forwardPass(network, dense, Float64Array.from(noisy), { end }));
  const pixels = [count, network.inputs];
  return encodeSafetensors(
    new Map([
      ["noisy", { shape: pixels, values: noisy }],
      ["code", { shape: [count, codeSize(network)], values: through(code) }],
      ["denoised", { shape: pixels, values: through(dense.length) }],
    ]),
  );
}
