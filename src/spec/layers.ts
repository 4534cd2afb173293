import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";

/**
 * The output function of the last layer's logits z and the network's input x.
 *
 * sigmoid   1 / (1 + exp(-z)): always in (0, 1)
 * linear    z
 * residual  x - z: the network predicts the noise, which is easier for weak noise (Zhang et al. 2017,
 *           "Beyond a Gaussian denoiser", arXiv:1608.03981)
 */
export const outputNames = ["sigmoid", "linear", "residual"] as const;
/** The output function of the last layer. */
export type OutputName = (typeof outputNames)[number];

/** The activation of a layer: ReLU for hidden layers, an output for the last one. */
export type ActivationName = "relu" | OutputName;
/** Every activation. */
export const activationNames: readonly ActivationName[] = ["relu", ...outputNames];

/** The size of the data between layers. The output of a dense layer is 1 x 1 pixel with many channels. */
export interface BlockSize {
  /** Pixels from top to bottom. */
  readonly rows: number;
  /** Pixels from left to right. */
  readonly columns: number;
  /** Values of a pixel. */
  readonly channels: number;
}

/** y[outputs] = activation(weight[outputs, inputs] x[inputs] + bias[outputs]) */
export interface DenseSpec {
  /** The number of input values. */
  readonly inputs: number;
  /** Nodes: the number of output values. */
  readonly outputs: number;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/**
 * A convolution of 3 x 3 pixels with a border of zeros (PyTorch's Conv2d(inputs, channels, 3, stride, 1)):
 * y[o, r, c] = activation(sum over i, j, k of weight[o, i, j, k] x[i, stride r + j - 1, stride c + k - 1] + bias[o])
 */
export interface ConvSpec {
  /** The size of the input. */
  readonly input: BlockSize;
  /** Output channels. */
  readonly channels: number;
  /** With 2, the output has half the rows and columns, rounded up. */
  readonly stride: 1 | 2;
  /** The number of the earlier layer whose output is added before the activation, counted from 1. */
  readonly from?: number | undefined;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/**
 * A transposed convolution that doubles the rows and columns (PyTorch's ConvTranspose2d(inputs, channels, 3, 2, 1, 1)): each
 * input pixel x[i, r, c] adds weight[i, o, j, k] x[i, r, c] to y[o, 2 r + j - 1, 2 c + k - 1].
 */
export interface UpSpec {
  /** The size of the input. */
  readonly input: BlockSize;
  /** Output channels. */
  readonly channels: number;
  /** The number of the earlier layer whose output is added before the activation, counted from 1. */
  readonly from?: number | undefined;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/** Every kind of layer, and the spec of a layer of that kind in a network. */
export interface LayerSpecs {
  /** See DenseSpec. */
  readonly dense: DenseSpec;
  /** See ConvSpec. */
  readonly conv: ConvSpec;
  /** See UpSpec. */
  readonly up: UpSpec;
}

/** The name of a kind of layer. */
export type LayerKind = keyof LayerSpecs;

/** A layer in a network, with the sizes of its input and output; of kind K, or of any. */
export type LayerSpec<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & LayerSpecs[P];
}[K];

/** Every kind of hidden layer, and its settings, independent of its position in a network. */
export interface HiddenLayers {
  /** A dense layer of `width` nodes. */
  readonly dense: {
    /** Nodes, 1 to 65,536. */
    readonly width: number;
  };
  /** A convolution of 3 x 3 pixels. */
  readonly conv: {
    /** Output channels, 1 to 1,024. */
    readonly channels: number;
    /** With 2, the output has half the rows and columns. */
    readonly stride: 1 | 2;
    /** The number of an earlier layer whose output is added before the ReLU, counted from 1. */
    readonly from?: number | undefined;
  };
  /** A transposed convolution that doubles the rows and columns. */
  readonly up: {
    /** Output channels, 1 to 1,024. */
    readonly channels: number;
    /** The number of an earlier layer whose output is added before the ReLU, counted from 1. */
    readonly from?: number | undefined;
  };
}

/** A hidden layer as described by settings; of kind K, or of any. */
export type HiddenLayer<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & HiddenLayers[P];
}[K];

/**
 * The shapes of a layer's parameters, in PyTorch's order: the weight is [outputs, inputs] for a dense layer,
 * [outputs, inputs, 3, 3] for a convolution, [inputs, outputs, 3, 3] for a transposed one; the bias is [outputs].
 */
export interface ParameterShapes {
  readonly weight: readonly number[];
  readonly bias: readonly number[];
}

/**
 * The fans of a layer, as its framework defines them. For a dense layer: input values per output value, and output values per input
 * value. For convolutions: the second and the first side of the weight, times 9 (PyTorch's fan_in and fan_out).
 */
export interface Fans {
  readonly in: number;
  readonly out: number;
  /** Input values per output value, on average. */
  readonly perOutput: number;
}

/** The operations of a kind of layer. */
interface KindRules<K extends LayerKind> {
  /** Throws an InputError for a size out of range. */
  readonly check: (hidden: HiddenLayer<K>) => void;
  /** Layers that a network may have, with the last one. */
  readonly depth: number;
  /** Kinds that may be in a network together have the same word. */
  readonly mixes: "dense layers" | "convolutions";
  /** The hidden layer for an input of that size. */
  readonly placed: (hidden: HiddenLayer<K>, input: BlockSize) => LayerSpec<K>;
  /** The network's last layer, if the layer before it is of this kind. */
  readonly last: (input: BlockSize, image: BlockSize, output: OutputName) => LayerSpec;
  /** The inverse of `placed`. */
  readonly hidden: (layer: LayerSpec<K>) => HiddenLayer<K>;
  readonly inputSize: (layer: LayerSpec<K>) => BlockSize;
  readonly outputSize: (layer: LayerSpec<K>) => BlockSize;
  readonly parameters: (layer: LayerSpec<K>) => ParameterShapes;
  readonly fans: (layer: LayerSpec<K>) => Fans;
  /** Multiply-adds of one image's forward pass. */
  readonly multiplyAdds: (layer: LayerSpec<K>) => number;
  /** Parses the text after "kind:", without a repetition; undefined if it is not valid. */
  readonly parse: (text: string) => HiddenLayer<K> | undefined;
  /** The layer's text, as accepted by `parseLayers`. */
  readonly format: (hidden: HiddenLayer<K>) => string;
}

/** Nodes that a hidden dense layer may have. */
export const widthLimit = 65_536;

/** Channels that a hidden convolution may have. */
export const channelLimit = 1024;

/** Layers that a network of any kind may have. */
export const mostLayers = 64;

/** Weights of a kernel of 3 x 3 pixels. */
export const taps = 9;

const kinds: { readonly [K in LayerKind]: KindRules<K> } = {
  dense: {
    check: ({ width }) => checkInteger("The width of a hidden layer", width, 1, widthLimit),
    placed: ({ width }, input) => dense(valuesOf(input), width, "relu"),
    last: (input, image, output) => dense(valuesOf(input), valuesOf(image), output),
    hidden: ({ outputs }) => ({ kind: "dense", width: outputs }),
    inputSize: ({ inputs }) => ({ rows: 1, columns: 1, channels: inputs }),
    outputSize: ({ outputs }) => ({ rows: 1, columns: 1, channels: outputs }),
    parameters: ({ inputs, outputs }) => ({ weight: [outputs, inputs], bias: [outputs] }),
    fans: ({ inputs, outputs }) => ({ in: inputs, out: outputs, perOutput: inputs }),
    multiplyAdds: ({ inputs, outputs }) => inputs * outputs,
    parse: (text) => (decimal.test(text) ? { kind: "dense", width: Number(text) } : undefined),
    format: ({ width }) => String(width),
    // One less than the size of the layer table in shaders/lib/weight_update.wgsl, and the last layer.
    depth: 16,
    mixes: "dense layers",
  },
  conv: {
    check: ({ channels }) => checkInteger("The channels of a convolution", channels, 1, channelLimit),
    placed: ({ channels, stride, from }, input) => {
      if (stride === 2) checkHalves(input);
      return { kind: "conv", input, channels, stride, ...skip(from), activation: "relu" };
    },
    last: convolutionToImage,
    hidden: ({ channels, stride, from }) => ({ kind: "conv", channels, stride, ...skip(from) }),
    inputSize: ({ input }) => input,
    outputSize: ({ input: { rows, columns }, channels, stride }) => ({
      rows: Math.ceil(rows / stride),
      columns: Math.ceil(columns / stride),
      channels,
    }),
    parameters: ({ input, channels }) => ({ weight: [channels, input.channels, 3, 3], bias: [channels] }),
    fans: ({ input, channels }) => ({
      in: taps * input.channels,
      out: taps * channels,
      perOutput: taps * input.channels,
    }),
    multiplyAdds: (layer) => taps * layer.input.channels * valuesOf(kinds.conv.outputSize(layer)),
    parse: (text) => {
      const [, channels, stride, from] =
        /^\s*(\d+)(?:\s*\/\s*([12]))?(?:\s*\+\s*(\d+))?\s*$/.exec(text) ?? [];
      if (channels === undefined) return undefined;
      return { kind: "conv", channels: Number(channels), stride: stride === "2" ? 2 : 1, ...skip(from) };
    },
    format: ({ channels, stride, from }) => `conv:${channels}${stride === 2 ? "/2" : ""}${skipText(from)}`,
    depth: mostLayers,
    mixes: "convolutions",
  },
  up: {
    check: ({ channels }) => checkInteger("The channels of a convolution", channels, 1, channelLimit),
    placed: ({ channels, from }, input) => ({
      kind: "up",
      input,
      channels,
      ...skip(from),
      activation: "relu",
    }),
    last: convolutionToImage,
    hidden: ({ channels, from }) => ({ kind: "up", channels, ...skip(from) }),
    inputSize: ({ input }) => input,
    outputSize: ({ input, channels }) => ({ rows: 2 * input.rows, columns: 2 * input.columns, channels }),
    parameters: ({ input, channels }) => ({ weight: [input.channels, channels, 3, 3], bias: [channels] }),
    fans: ({ input, channels }) => ({
      in: taps * channels,
      out: taps * input.channels,
      // Of four output pixels, one is the sum of one input pixel, two of two and one of four.
      perOutput: (taps * input.channels) / 4,
    }),
    multiplyAdds: ({ input, channels }) => taps * channels * valuesOf(input),
    parse: (text) => {
      const [, channels, from] = /^\s*(\d+)(?:\s*\+\s*(\d+))?\s*$/.exec(text) ?? [];
      return channels === undefined ? undefined : { kind: "up", channels: Number(channels), ...skip(from) };
    },
    format: ({ channels, from }) => `up:${channels}${skipText(from)}`,
    depth: mostLayers,
    mixes: "convolutions",
  },
};

const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** The property `from` of a layer, if it has one. */
function skip(from: number | string | undefined): { readonly from?: number } {
  return from === undefined ? {} : { from: Number(from) };
}

function skipText(from: number | undefined): string {
  return from === undefined ? "" : `+${from}`;
}

function dense(inputs: number, outputs: number, activation: ActivationName): LayerSpec<"dense"> {
  return { kind: "dense", inputs, outputs, activation };
}

/** A convolution to the image's channels, if the layers before it lead back to the image's sides. */
function convolutionToImage(input: BlockSize, image: BlockSize, output: OutputName): LayerSpec<"conv"> {
  if (input.rows !== image.rows || input.columns !== image.columns) {
    throw new InputError(
      `The hidden layers make ${input.rows} x ${input.columns} pixels of the image's ${image.rows} x ${image.columns}: give as many up layers as layers with stride 2.`,
    );
  }
  return { kind: "conv", input, channels: image.channels, stride: 1, activation: output };
}

/** Throws an InputError for sides that a stride of 2 does not divide, since `up` could not restore them. */
function checkHalves({ rows, columns }: BlockSize): void {
  if (rows % 2 === 0 && columns % 2 === 0) return;
  throw new InputError(
    `A convolution with stride 2 needs even sides, but its input has ${rows} x ${columns} pixels: choose other sides, or fewer strides.`,
  );
}

/** The kinds of layers. */
export const layerKinds = Object.keys(kinds) as LayerKind[];

/** Hidden dense layers with these numbers of nodes. */
export function denseLayers(...widths: readonly number[]): HiddenLayer[] {
  return widths.map((width) => ({ kind: "dense", width }));
}

/** The values of one block. */
export function valuesOf({ rows, columns, channels }: BlockSize): number {
  return rows * columns * channels;
}

/** Throws an InputError for a hidden layer whose size is out of range. */
export function checkHidden<K extends LayerKind>(hidden: HiddenLayer<K>): void {
  kinds[hidden.kind].check(hidden);
}

/** Throws an InputError for hidden layers that cannot be in one network, or too many of them. */
export function checkTogether(
  hidden: readonly HiddenLayer[],
): asserts hidden is readonly [HiddenLayer, ...HiddenLayer[]] {
  const [first] = hidden;
  const most = kinds[first?.kind ?? "dense"].depth - 1;
  if (first === undefined || hidden.length > most) {
    throw new InputError(`A network needs 1 to ${most} hidden layers, but ${hidden.length} are given.`);
  }
  const other = hidden.find(({ kind }) => kinds[kind].mixes !== kinds[first.kind].mixes);
  if (!other) return;
  throw new InputError(
    `A network has either dense layers or convolutions, but ${formatLayer(first)} and ${formatLayer(other)} are given together.`,
  );
}

/** The number of the earlier layer whose output a layer adds, counted from 1; undefined if it adds none. */
export function skipOf(layer: LayerSpec | HiddenLayer): number | undefined {
  return "from" in layer ? layer.from : undefined;
}

/** Throws an InputError for layers that add what they cannot. */
export function checkSkips(layers: readonly LayerSpec[]): void {
  const adders = new Map<number, number>();
  layers.forEach((layer, index) => {
    const from = skipOf(layer);
    if (from === undefined) return;
    const source = layers[from - 1];
    if (source === undefined || from > index) {
      throw new InputError(
        `Layer ${index + 1} adds the output of layer ${from}: only that of an earlier layer, 1 to ${index}, can be added.`,
      );
    }
    const [added, own] = [outputSize(source), outputSize(layer)];
    if (added.rows !== own.rows || added.columns !== own.columns || added.channels !== own.channels) {
      throw new InputError(
        `Layer ${index + 1} has ${sizeText(own)} and adds layer ${from}, which has ${sizeText(added)}: both must have the same rows, columns and channels.`,
      );
    }
    const other = adders.get(from);
    if (other !== undefined) {
      throw new InputError(
        `Layers ${other} and ${index + 1} both add the output of layer ${from}: an output can be added once.`,
      );
    }
    adders.set(from, index + 1);
  });
}

function sizeText({ rows, columns, channels }: BlockSize): string {
  return `${rows} x ${columns} pixels of ${channels} channels`;
}

/** Whether a network's layers are convolutions, which see a pixel's neighbours and are not bound to a size of picture. */
export function areConvolutions(layers: readonly { readonly kind: LayerKind }[]): boolean {
  return layers.every(({ kind }) => kinds[kind].mixes === "convolutions");
}

/** A hidden layer for an input of that size. */
export function placedLayer<K extends LayerKind>(hidden: HiddenLayer<K>, input: BlockSize): LayerSpec<K> {
  return kinds[hidden.kind].placed(hidden, input);
}

/** A network's last layer, determined by the layer before it. */
export function lastLayer<K extends LayerKind>(
  before: LayerSpec<K>,
  image: BlockSize,
  output: OutputName,
): LayerSpec {
  return kinds[before.kind].last(outputSize(before), image, output);
}

/** A hidden layer of a network as described by settings. */
export function hiddenLayer<K extends LayerKind>(layer: LayerSpec<K>): HiddenLayer<K> {
  return kinds[layer.kind].hidden(layer);
}

/** The size of a layer's input. */
export function inputSize<K extends LayerKind>(layer: LayerSpec<K>): BlockSize {
  return kinds[layer.kind].inputSize(layer);
}

/** The size of a layer's output. */
export function outputSize<K extends LayerKind>(layer: LayerSpec<K>): BlockSize {
  return kinds[layer.kind].outputSize(layer);
}

/** The shapes of a layer's parameters. */
export function parameterShapes<K extends LayerKind>(layer: LayerSpec<K>): ParameterShapes {
  return kinds[layer.kind].parameters(layer);
}

/** The fans of a layer, which bound its initial weights. */
export function fansOf<K extends LayerKind>(layer: LayerSpec<K>): Fans {
  return kinds[layer.kind].fans(layer);
}

/** Multiply-adds of one image's forward pass through a layer. */
export function layerMultiplyAdds<K extends LayerKind>(layer: LayerSpec<K>): number {
  return kinds[layer.kind].multiplyAdds(layer);
}

/** The text of a hidden layer, as accepted by parseLayers. */
export function formatLayer<K extends LayerKind>(layer: HiddenLayer<K>): string {
  return kinds[layer.kind].format(layer);
}

/** Parses a hidden layer of a kind from the text after "kind:"; undefined if it is not valid. Sizes are not checked. */
export function parseLayer(kind: LayerKind, text: string): HiddenLayer | undefined {
  return kinds[kind].parse(text);
}
