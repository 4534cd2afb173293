import { endsOf, imageValues } from "../../src/spec/network.ts";
import { networkOf, type Shape } from "../shapes.ts";

/** The sizes of a dense layer. */
type LayerEnds = ReturnType<typeof endsOf>;

/** The work of a kernel in a step, independent of its implementation. */
export interface Work {
  /** Floating-point operations of its products; other operations are negligible. */
  readonly flops: number;
  /** Bytes that it must read and write at least once. */
  readonly bytes: number;
}

/** A training step's work, over all launches of a kernel, by the kernel's name without its family. */
export function workOf(shape: Shape): Readonly<Record<string, Work>> {
  const { batch } = shape;
  const layers = networkOf(shape).layers.map((layer) => endsOf([layer]));
  const product = ({ inputs, outputs }: LayerEnds) => 2 * batch * inputs * outputs;
  const input = ({ inputs }: LayerEnds) => 4 * batch * inputs;
  const output = ({ outputs }: LayerEnds) => 4 * batch * outputs;
  const parameters = ({ inputs, outputs }: LayerEnds) => 4 * (inputs + 1) * outputs;
  const total = (of: readonly LayerEnds[], measure: (layer: LayerEnds) => number) =>
    of.reduce((sum, layer) => sum + measure(layer), 0);
  const pixels = imageValues(networkOf(shape));
  return {
    // Reads noisy and clean bytes; writes noisy numbers and clean bytes.
    corrupt_batch: { flops: 0, bytes: batch * pixels * (2 + 4 + 1) },
    dense_forward: {
      flops: total(layers.slice(0, -1), product),
      bytes: total(layers.slice(0, -1), (layer) => input(layer) + parameters(layer) + output(layer)),
    },
    // Also reads the clean bytes.
    dense_loss: {
      flops: total(layers.slice(-1), product),
      bytes:
        batch * pixels + total(layers.slice(-1), (layer) => input(layer) + parameters(layer) + output(layer)),
    },
    // Reads the layer's input, for the ReLU mask, and writes its gradient.
    dense_backward: {
      flops: total(layers.slice(1), product),
      bytes: total(layers.slice(1), (layer) => output(layer) + parameters(layer) + 2 * input(layer)),
    },
    // Reads and writes the weights and both accumulators.
    weight_update: {
      flops: total(layers, product),
      bytes: total(layers, (layer) => input(layer) + output(layer) + 6 * parameters(layer)),
    },
  };
}
