import { type LayerSpec, valuesOf } from "../../src/spec/layer-specs.ts";
import { inputSize, layerMultiplyAdds, outputSize } from "../../src/spec/layers.ts";
import { imageValues, isConvolutional, parameterCount } from "../../src/spec/network.ts";
import { networkOf, type Shape } from "../shapes.ts";

/** The work of a kernel in a step, independent of its implementation. */
export interface Work {
  /** Floating-point operations of its products; other operations are negligible. */
  readonly flops: number;
  /** Bytes that it must read and write at least once. */
  readonly bytes: number;
}

/** A training step's work, over all launches of a kernel, by the kernel's name without its family. */
export function workOf(shape: Shape): Readonly<Record<string, Work>> {
  const network = networkOf(shape);
  const { batch } = shape;
  const { layers } = network;
  const pixels = imageValues(network);
  const [hidden, last, behind] = [layers.slice(0, -1), layers.slice(-1), layers.slice(1)];
  const ofKind = (kind: LayerSpec["kind"], among: readonly LayerSpec[]) =>
    among.filter((layer) => layer.kind === kind);
  const products = (among: readonly LayerSpec[]) => 2 * batch * total(among, layerMultiplyAdds);
  const inputs = (among: readonly LayerSpec[]) =>
    4 * batch * total(among, (layer) => valuesOf(inputSize(layer)));
  const outputs = (among: readonly LayerSpec[]) =>
    4 * batch * total(among, (layer) => valuesOf(outputSize(layer)));
  const parameters = (among: readonly LayerSpec[]) => 4 * parameterCount({ ...network, layers: among });
  const forward = (among: readonly LayerSpec[]): Work => ({
    flops: products(among),
    bytes: inputs(among) + parameters(among) + outputs(among),
  });
  // Reads the layer's input, for the ReLU mask, and writes its gradient.
  const backward = (among: readonly LayerSpec[]): Work => ({
    flops: products(among),
    bytes: outputs(among) + parameters(among) + 2 * inputs(among),
  });
  // Also reads the clean bytes.
  const loss = { flops: products(last), bytes: batch * pixels + forward(last).bytes };
  // Reads noisy and clean bytes; writes noisy numbers and clean bytes.
  const gather = { flops: 0, bytes: batch * pixels * (2 + 4 + 1) };
  if (!isConvolutional(network)) {
    return {
      corrupt_batch: gather,
      dense_forward: forward(hidden),
      dense_loss: loss,
      dense_backward: backward(behind),
      // Reads and writes the weights and both accumulators.
      weight_update: {
        flops: products(layers),
        bytes: inputs(layers) + outputs(layers) + 6 * parameters(layers),
      },
    };
  }
  return {
    corrupt_batch: gather,
    pixels_to_channels: { flops: 0, bytes: 8 * batch * pixels },
    conv_forward: forward(ofKind("conv", hidden)),
    up_forward: forward(ofKind("up", hidden)),
    conv_loss: loss,
    conv_backward: backward(ofKind("conv", behind)),
    up_backward: backward(ofKind("up", behind)),
    conv_gradient: {
      flops: products(layers),
      bytes: inputs(layers) + outputs(layers) + parameters(layers),
    },
    // Reads a gradient, and reads and writes the parameters and both accumulators.
    parameter_update: { flops: 0, bytes: 7 * parameters(layers) },
  };
}

function total(layers: readonly LayerSpec[], measure: (layer: LayerSpec) => number): number {
  return layers.reduce((sum, layer) => sum + measure(layer), 0);
}
