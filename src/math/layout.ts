import {
  type LayerSpec,
  type LayerWeights,
  layersOf,
  type Model,
  type NetworkSpec,
} from "../spec/network.ts";

/**
 * How a network lies in GPU memory. Everything is counted in quads: vec4f, four numbers, 16 bytes.
 *
 * activations  one block a layer boundary, [rows, stride]: the input batch, then each layer's output. A row ends with
 *              a constant 1 behind its values and is filled up with zeros, so stride = ceil((values + 1) / 4).
 * parameters   one block a layer, [outputs rounded up to 4, stride of its input]: W[o, i], the bias in column i = inputs,
 *              where the input's constant 1 meets it. What is rounded up is zero and stays zero.
 * gradients    one block a layer, [rows, ceil(outputs / 4)]: the loss gradient by the layer's pre-activation.
 *
 * `rows` is the batch rounded up to a multiple of 4.
 */
export interface NetworkLayout {
  readonly network: NetworkSpec;
  readonly layers: readonly LayerLayout[];
  /** Rows of a batch in fours. */
  readonly rowQuads: number;
  /** 32-bit words that hold one image of bytes; also the quads that hold one output row. */
  readonly imageWords: number;
  readonly activationQuads: number;
  readonly parameterQuads: number;
  readonly gradientQuads: number;
  /** 4 x 4 tiles in all weight matrices together. */
  readonly weightTiles: number;
}

/** Where one layer lies; the numbers of `struct Layer` in shaders/lib/layer.wgsl. Offsets in quads. */
export interface LayerLayout {
  readonly spec: LayerSpec;
  readonly rowQuads: number;
  readonly inputOffset: number;
  readonly outputOffset: number;
  readonly weightOffset: number;
  readonly gradientOffset: number;
  /** Where the gradient by this layer's input lies: the block of the layer before. The first layer has none. */
  readonly inputGradientOffset: number;
  /** 4 x 4 tiles in the weight matrices before this one. */
  readonly firstTile: number;
}

/** Quads that hold `values` numbers. */
export function quads(values: number): number {
  return Math.ceil(values / 4);
}

/** Quads that hold `values` numbers and the constant 1 behind them. */
export function rowStride(values: number): number {
  return quads(values + 1);
}

/** Lays out a network for batches of `batch` images. */
export function layOut(network: NetworkSpec, batch: number): NetworkLayout {
  const rowQuads = quads(batch);
  const rows = 4 * rowQuads;
  const layers: LayerLayout[] = [];
  let activationQuads = rows * rowStride(network.inputs);
  let parameterQuads = 0;
  let gradientQuads = 0;
  let weightTiles = 0;
  for (const spec of layersOf(network)) {
    const { inputs, outputs } = spec;
    const before = layers.at(-1);
    layers.push({
      spec,
      rowQuads,
      inputOffset: before?.outputOffset ?? 0,
      outputOffset: activationQuads,
      weightOffset: parameterQuads,
      gradientOffset: gradientQuads,
      inputGradientOffset: before?.gradientOffset ?? 0,
      firstTile: weightTiles,
    });
    activationQuads += rows * rowStride(outputs);
    parameterQuads += 4 * quads(outputs) * rowStride(inputs);
    gradientQuads += rows * quads(outputs);
    weightTiles += quads(outputs) * rowStride(inputs);
  }
  return {
    network,
    layers,
    rowQuads,
    imageWords: quads(network.inputs),
    activationQuads,
    parameterQuads,
    gradientQuads,
    weightTiles,
  };
}

/** The weights as the `parameters` buffer holds them. */
export function packParameters(
  layout: NetworkLayout,
  layers: readonly LayerWeights[],
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(4 * layout.parameterQuads);
  layout.layers.forEach(({ spec: { inputs, outputs }, weightOffset }, index) => {
    const { weight, bias } = layers[index] ?? { weight: [], bias: [] };
    for (let o = 0; o < outputs; o++) {
      const row = 4 * (weightOffset + o * rowStride(inputs));
      for (let i = 0; i < inputs; i++) packed[row + i] = weight[o * inputs + i] ?? 0;
      packed[row + inputs] = bias[o] ?? 0;
    }
  });
  return packed;
}

/** The inverse of packParameters. */
export function unpackParameters(layout: NetworkLayout, packed: Float32Array): Model {
  const layers = layout.layers.map(({ spec: { inputs, outputs }, weightOffset }) => {
    const weight = new Float32Array(outputs * inputs);
    const bias = new Float32Array(outputs);
    for (let o = 0; o < outputs; o++) {
      const row = 4 * (weightOffset + o * rowStride(inputs));
      weight.set(packed.subarray(row, row + inputs), o * inputs);
      bias[o] = packed[row + inputs] ?? 0;
    }
    return { weight, bias };
  });
  return { network: layout.network, layers };
}

/** Lays rows of `width` numbers out as activations lie: a constant 1 behind each row, then zeros. */
export function padRows(values: ArrayLike<number>, width: number): Float32Array<ArrayBuffer> {
  const stride = 4 * rowStride(width);
  const rows = values.length / width;
  const padded = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) padded[row * stride + i] = values[row * width + i] ?? 0;
    padded[row * stride + width] = 1;
  }
  return padded;
}

/** The first `rows` rows of padded activations, without what stands behind them. */
export function unpadRows(padded: Float32Array, rows: number, width: number): Float32Array<ArrayBuffer> {
  const stride = 4 * rowStride(width);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    values.set(padded.subarray(row * stride, row * stride + width), row * width);
  }
  return values;
}
