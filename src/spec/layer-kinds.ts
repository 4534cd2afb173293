import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";
import {
  type ActivationName,
  type BlockSize,
  type Fans,
  type HiddenLayer,
  type LayerKind,
  type LayerSpec,
  type OutputName,
  type ParameterShapes,
  valuesOf,
} from "./layer-specs.ts";

/** The operations of a kind of layer. */
export interface KindRules<K extends LayerKind> {
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

/** The rules of each kind. */
export const kinds: { readonly [K in LayerKind]: KindRules<K> } = {
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
    check: ({ channels, stride, from }) => {
      checkInteger("The channels of a convolution", channels, 1, channelLimit);
      checkInteger("The stride of a convolution", stride, 1, 2);
      checkFrom(from);
    },
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
    check: ({ channels, from }) => {
      checkInteger("The channels of a convolution", channels, 1, channelLimit);
      checkFrom(from);
    },
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

function checkFrom(from: number | undefined): void {
  if (from !== undefined) checkInteger("The number of an added layer", from, 0, mostLayers);
}

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
