import { type LayerKind, type LayerSpec, outputSize, valuesOf } from "../spec/layers.ts";
import { imageValues, type LayerWeights, type Model, type NetworkSpec } from "../spec/network.ts";

/**
 * The layout of a network in GPU memory. Everything is counted in quads: vec4f, four numbers, 16 bytes. A row
 * of n numbers takes ceil(n / 4) quads; the padding of the last quad is zero and stays zero.
 *
 * activations  one block per layer boundary: the input batch, then each layer's output, [rows, values]
 * parameters   two blocks per layer: W as a matrix, [rows rounded up to 4, columns], then its bias
 * gradients    one block per layer: the gradient of the loss with respect to the layer's pre-activation, [rows, values]
 *
 * `rows` is the batch rounded up to a multiple of 4.
 */
export interface NetworkLayout {
  readonly network: NetworkSpec;
  readonly layers: readonly LayerLayout[];
  /** Groups of four rows in a batch. */
  readonly rowQuads: number;
  /** 32-bit words that hold one image of bytes; also the quads that hold one output row. */
  readonly imageWords: number;
  readonly activationQuads: number;
  readonly parameterQuads: number;
  readonly gradientQuads: number;
  /** 32 x 32 tiles in all weight matrices. */
  readonly weightTiles: number;
}

/** The position of a layer; the numbers of `struct Layer` in shaders/lib/layer.wgsl. Offsets in quads. */
export interface LayerLayout {
  readonly spec: LayerSpec;
  readonly rowQuads: number;
  readonly inputOffset: number;
  readonly outputOffset: number;
  readonly weightOffset: number;
  readonly biasOffset: number;
  readonly gradientOffset: number;
  /**
   * The offset of the gradient with respect to this layer's input: the block of the previous layer. The first
   * layer has none.
   */
  readonly inputGradientOffset: number;
  /** 32 x 32 tiles in the weight matrices before this one. */
  readonly firstTile: number;
}

/** A layer's parameters as GPU memory holds them: the weights as a matrix, and the biases. */
interface ParameterBlocks {
  readonly rows: number;
  readonly columns: number;
  readonly biases: number;
}

const kinds: { readonly [K in LayerKind]: (layer: LayerSpec<K>) => ParameterBlocks } = {
  dense: ({ inputs, outputs }) => ({ rows: outputs, columns: inputs, biases: outputs }),
};

function parameterBlocks<K extends LayerKind>(layer: LayerSpec<K>): ParameterBlocks {
  return kinds[layer.kind](layer);
}

/** Quads that hold `values` numbers. */
export function quads(values: number): number {
  return Math.ceil(values / 4);
}

/** 32 x 32 tiles in a matrix. */
function tiles({ rows, columns }: ParameterBlocks): number {
  return Math.ceil(rows / 32) * Math.ceil(columns / 32);
}

/** Lays out a network for batches of `batch` images. */
export function layOut(network: NetworkSpec, batch: number): NetworkLayout {
  const rowQuads = quads(batch);
  const rows = 4 * rowQuads;
  const layers: LayerLayout[] = [];
  let activationQuads = rows * quads(imageValues(network));
  let parameterQuads = 0;
  let gradientQuads = 0;
  let weightTiles = 0;
  for (const spec of network.layers) {
    const blocks = parameterBlocks(spec);
    const weightQuads = 4 * quads(blocks.rows) * quads(blocks.columns);
    const outputQuads = rows * quads(valuesOf(outputSize(spec)));
    const before = layers.at(-1);
    layers.push({
      spec,
      rowQuads,
      inputOffset: before?.outputOffset ?? 0,
      outputOffset: activationQuads,
      weightOffset: parameterQuads,
      biasOffset: parameterQuads + weightQuads,
      gradientOffset: gradientQuads,
      inputGradientOffset: before?.gradientOffset ?? 0,
      firstTile: weightTiles,
    });
    activationQuads += outputQuads;
    parameterQuads += weightQuads + quads(blocks.biases);
    gradientQuads += outputQuads;
    weightTiles += tiles(blocks);
  }
  return {
    network,
    layers,
    rowQuads,
    imageWords: quads(imageValues(network)),
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
  layout.layers.forEach(({ spec, weightOffset, biasOffset }, index) => {
    const { weight, bias } = layers[index] ?? { weight: [], bias: [] };
    const { rows, columns, biases } = parameterBlocks(spec);
    if (
      weight.length !== rows * columns ||
      bias.length !== biases ||
      layers.length !== layout.layers.length
    ) {
      throw new RangeError(
        `Layer ${index} needs ${rows * columns} weights and ${biases} biases, but it has ${weight.length} and ${bias.length}.`,
      );
    }
    packed.set(padRows(weight, rows, columns), 4 * weightOffset);
    packed.set(bias, 4 * biasOffset);
  });
  return packed;
}

/** The inverse of packParameters. */
export function unpackParameters(layout: NetworkLayout, packed: Float32Array<ArrayBuffer>): Model {
  const layers = layout.layers.map(({ spec, weightOffset, biasOffset }) => {
    const { rows, columns, biases } = parameterBlocks(spec);
    return {
      weight: unpadRows(packed.subarray(4 * weightOffset), rows, columns),
      bias: packed.slice(4 * biasOffset, 4 * biasOffset + biases),
    };
  });
  return { network: layout.network, layers };
}

/** Rows [rows, width] as stored in GPU memory: each padded to whole quads with zeros. */
export function padRows(values: ArrayLike<number>, rows: number, width: number): Float32Array<ArrayBuffer> {
  const stride = 4 * quads(width);
  const padded = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) padded[row * stride + i] = values[row * width + i] ?? 0;
  }
  return padded;
}

/** The inverse of padRows: the first `rows` rows. */
export function unpadRows(padded: Float32Array, rows: number, width: number): Float32Array<ArrayBuffer> {
  const stride = 4 * quads(width);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    values.set(padded.subarray(row * stride, row * stride + width), row * width);
  }
  return values;
}
