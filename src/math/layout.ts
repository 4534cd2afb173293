import { taps } from "../spec/layer-kinds.ts";
import { type BlockSize, type LayerKind, type LayerSpec, valuesOf } from "../spec/layer-specs.ts";
import { inputSize, outputSize, skipOf } from "../spec/layers.ts";
import {
  imageValues,
  isConvolutional,
  type LayerWeights,
  type Model,
  type NetworkSpec,
} from "../spec/network.ts";

/**
 * The layout of a network in a device's memory. Everything is counted in quads: vec4f, four numbers, 16 bytes. A row
 * of n numbers takes ceil(n / 4) quads; the padding of the last quad is zero and stays zero.
 *
 * activations  one block per layer boundary: the input batch, then each layer's output
 * parameters   two blocks per layer: its weights as rows, [rows rounded up to 4, columns], then its bias
 * gradients    one block per layer: the gradient of the loss with respect to the layer's pre-activation
 *
 * The input batch and the output of dense layers are [rows, values]; `rows` is the batch rounded up to a multiple of 4.
 * Convolutions use planes instead (see PlaneBlock): the input batch is followed by the strengths of the noise, if there is a
 * noise map, and by the same batch as planes; the last layer's planes are followed by the same values as pictures [rows, values].
 */
export interface NetworkLayout {
  readonly network: NetworkSpec;
  readonly layers: readonly LayerLayout[];
  /** Images of a batch. */
  readonly batch: number;
  /** Groups of four rows in a batch. */
  readonly rowQuads: number;
  /** 32-bit words that hold one image of bytes; also the quads that hold one output row. */
  readonly imageWords: number;
  /** The noise's strengths of a network with a noise map in `activations`, a quad (strength, 0, 0, 0) for each row; 0 for none. */
  readonly strengthOffset: number;
  /** The network's output as pictures [rows, values] in `activations`. */
  readonly pictureOffset: number;
  readonly activationQuads: number;
  readonly parameterQuads: number;
  readonly gradientQuads: number;
  /** 32 x 32 tiles in all weight matrices. */
  readonly weightTiles: number;
  /** Parts that the pixels of a batch are divided into for the gradient of convolutions; each has its own sums. */
  readonly gradientSplits: number;
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
  /** The block in `activations` that is added before the activation; 0 for none. */
  readonly addedOffset: number;
  /** The block in `gradients` of the later layer that adds this layer's input; 0 for none. */
  readonly adderGradientOffset: number;
  /** 32 x 32 tiles in the weight matrices before this one. */
  readonly firstTile: number;
}

/**
 * Images as planes of pixels with quads of channels, for convolutions. A row of pixels is followed by one pixel of
 * zeros, an image by one row of zeros, so that every pixel's neighbours are at the same distances and those outside
 * the image are zero: [images, rows + 1, columns + 1, quads of channels].
 */
export interface PlaneBlock {
  /** Quads of the block. */
  readonly quads: number;
  /** The first pixel of the first image, after a row of zeros. */
  readonly start: number;
  /** Pixels of all images, with those of zeros. */
  readonly pixels: number;
}

/** The block of so many images. */
export function planeBlock({ rows, columns, channels }: BlockSize, images: number): PlaneBlock {
  const pitch = columns + 1;
  const pixels = images * (rows + 1) * pitch;
  // Before the first pixel and after the last one there are as many zeros as its neighbours reach.
  const border = pitch + 1;
  return { quads: (pixels + 2 * border) * quads(channels), start: border * quads(channels), pixels };
}

/**
 * A layer's weights on a device: rows of groups of numbers, each group padded to whole quads. In PyTorch's order they are
 * [rows, columns, groups].
 */
interface ParameterBlocks {
  readonly rows: number;
  readonly columns: number;
  readonly groups: number;
  readonly biases: number;
}

const kinds: { readonly [K in LayerKind]: (layer: LayerSpec<K>) => ParameterBlocks } = {
  dense: ({ inputs, outputs }) => ({ rows: outputs, columns: inputs, groups: 1, biases: outputs }),
  conv: ({ input, channels }) => ({
    rows: channels,
    columns: input.channels,
    groups: taps,
    biases: channels,
  }),
  up: ({ input, channels }) => ({ rows: input.channels, columns: channels, groups: taps, biases: channels }),
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

/** Parts of a gradient are as many as take this many quads together, but at most `mostSplits`. */
const splitQuads = 2 ** 20;
const mostSplits = 64;

/** Lays out a network for batches of `batch` images. */
export function layOut(network: NetworkSpec, batch: number): NetworkLayout {
  const rowQuads = quads(batch);
  const rows = 4 * rowQuads;
  const imageWords = quads(imageValues(network));
  const planes = isConvolutional(network);
  const blockOf = (size: BlockSize) =>
    planes ? planeBlock(size, batch) : { quads: rows * quads(valuesOf(size)), start: 0 };
  const layers: Omit<LayerLayout, "adderGradientOffset">[] = [];
  let activationQuads = rows * imageWords;
  const strengthOffset = network.noiseMap ? activationQuads : 0;
  if (network.noiseMap) activationQuads += rows;
  let inputOffset = 0;
  const [first] = network.layers;
  if (planes && first) {
    const block = blockOf(inputSize(first));
    inputOffset = activationQuads + block.start;
    activationQuads += block.quads;
  }
  let parameterQuads = 0;
  let gradientQuads = 0;
  let weightTiles = 0;
  for (const spec of network.layers) {
    const blocks = parameterBlocks(spec);
    const weightQuads = 4 * quads(blocks.rows) * blocks.groups * quads(blocks.columns);
    const output = blockOf(outputSize(spec));
    const before = layers.at(-1);
    layers.push({
      spec,
      rowQuads,
      inputOffset: before?.outputOffset ?? inputOffset,
      outputOffset: activationQuads + output.start,
      weightOffset: parameterQuads,
      biasOffset: parameterQuads + weightQuads,
      gradientOffset: gradientQuads + output.start,
      inputGradientOffset: before?.gradientOffset ?? 0,
      addedOffset: layers[(skipOf(spec) ?? 0) - 1]?.outputOffset ?? 0,
      firstTile: weightTiles,
    });
    activationQuads += output.quads;
    parameterQuads += weightQuads + quads(blocks.biases);
    gradientQuads += output.quads;
    weightTiles += tiles(blocks);
  }
  const pictureOffset = planes ? activationQuads : (layers.at(-1)?.outputOffset ?? 0);
  return {
    network,
    layers: layers.map((layer, index) => ({
      ...layer,
      // Layer `index`, counted from 1, gives this layer's input.
      adderGradientOffset: layers.find(({ spec }) => skipOf(spec) === index)?.gradientOffset ?? 0,
    })),
    batch,
    rowQuads,
    imageWords,
    strengthOffset,
    pictureOffset,
    activationQuads: activationQuads + (planes ? rows * imageWords : 0),
    parameterQuads,
    gradientQuads,
    weightTiles,
    gradientSplits: Math.max(1, Math.min(mostSplits, Math.floor(splitQuads / parameterQuads))),
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
    const blocks = parameterBlocks(spec);
    const count = blocks.rows * blocks.columns * blocks.groups;
    if (weight.length !== count || bias.length !== blocks.biases || layers.length !== layout.layers.length) {
      throw new RangeError(
        `Layer ${index} needs ${count} weights and ${blocks.biases} biases, but it has ${weight.length} and ${bias.length}.`,
      );
    }
    const place = packed.subarray(4 * weightOffset);
    forEachWeight(blocks, (given, padded) => {
      place[padded] = weight[given] ?? 0;
    });
    packed.set(bias, 4 * biasOffset);
  });
  return packed;
}

/** The inverse of packParameters. */
export function unpackParameters(layout: NetworkLayout, packed: Float32Array<ArrayBuffer>): Model {
  const layers = layout.layers.map(({ spec, weightOffset, biasOffset }) => {
    const blocks = parameterBlocks(spec);
    const place = packed.subarray(4 * weightOffset);
    const weight = new Float32Array(blocks.rows * blocks.columns * blocks.groups);
    forEachWeight(blocks, (given, padded) => {
      weight[given] = place[padded] ?? 0;
    });
    return { weight, bias: packed.slice(4 * biasOffset, 4 * biasOffset + blocks.biases) };
  });
  return { network: layout.network, layers };
}

/** Calls `move` with the index of each weight in PyTorch's order and in the layout's. */
function forEachWeight(
  { rows, columns, groups }: ParameterBlocks,
  move: (given: number, padded: number) => void,
): void {
  const stride = 4 * quads(columns);
  let given = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let group = 0; group < groups; group++) move(given++, (row * groups + group) * stride + column);
    }
  }
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
