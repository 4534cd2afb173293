import { taps } from "../../spec/layer-kinds.ts";
import { formatLayer, hiddenLayer, outputSize, parameterShapes } from "../../spec/layers.ts";
import type { Model, NetworkSpec } from "../../spec/network.ts";
import type { Kernels, KernelWish, LayerChannels } from "../inside/protocol.ts";
import { greatestOf, pageStart } from "../inside/weights.ts";

/** A page of a layer's output [channels, rows, columns]. */
export function cutChannels(
  network: NetworkSpec,
  layer: number,
  output: Float32Array,
  wanted: number,
  count: number,
): LayerChannels {
  const spec = layerAt(network, layer);
  const { rows, columns, channels } = outputSize(spec);
  const first = pageStart(wanted, channels, count);
  const size = rows * columns;
  const last = layer === network.layers.length - 1;
  return {
    name: last ? network.output : formatLayer(hiddenLayer(spec)),
    ...{ rows, columns, channels, first },
    values: output.slice(first * size, Math.min(channels, first + count) * size),
    greatest: greatestOf(output),
  };
}

/** The kernels of a channel with the greatest weights, in the order of the channels to which they are applied. */
export function strongestKernels({ network, layers }: Model, { layer, channel, count }: KernelWish): Kernels {
  const spec = layerAt(network, layer);
  const { weight, bias } = layers[layer] ?? { weight: new Float32Array(), bias: new Float32Array() };
  const [rows = 0, columns = 0] = parameterShapes(spec).weight;
  // A transposed convolution's weight is [inputs, outputs, 3, 3].
  const inputs = spec.kind === "up" ? rows : columns;
  const kernels = Array.from({ length: inputs }, (_, from) => {
    const place = spec.kind === "up" ? from * columns + channel : channel * columns + from;
    return { from, weights: weight.subarray(taps * place, taps * (place + 1)) };
  });
  const strongest = kernels
    .toSorted((a, b) => greatestOf(b.weights) - greatestOf(a.weights) || a.from - b.from)
    .slice(0, count)
    .sort((a, b) => a.from - b.from);
  const weights = new Float32Array(taps * strongest.length);
  for (const [place, kernel] of strongest.entries()) weights.set(kernel.weights, taps * place);
  return {
    ...{ layer, channel, inputs, weights },
    from: strongest.map(({ from }) => from),
    bias: bias[channel] ?? 0,
  };
}

function layerAt({ layers }: NetworkSpec, layer: number) {
  const spec = layers[layer];
  if (!spec) throw new RangeError(`The network has no layer ${layer}.`);
  return spec;
}
