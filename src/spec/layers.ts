import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { quote } from "./quote.ts";

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
  readonly rows: number;
  readonly columns: number;
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

/** Every kind of layer, and the spec of a layer of that kind in a network. */
export interface LayerSpecs {
  /** See DenseSpec. */
  readonly dense: DenseSpec;
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
}

/** A hidden layer as described by settings; of kind K, or of any. */
export type HiddenLayer<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & HiddenLayers[P];
}[K];

/** The shapes of a layer's parameters, in PyTorch's order: [outputs, inputs] and [outputs] for a dense layer. */
export interface ParameterShapes {
  readonly weight: readonly number[];
  readonly bias: readonly number[];
}

/** The number of input values per output value of a layer, and of output values per input value. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** The operations of a kind of layer. */
interface KindRules<K extends LayerKind> {
  /** Throws an InputError for a size out of range. */
  readonly check: (hidden: HiddenLayer<K>) => void;
  /** The hidden layer for an input of that size. */
  readonly placed: (hidden: HiddenLayer<K>, input: BlockSize) => LayerSpec<K>;
  /** The network's last layer, if the layer before it is of this kind. */
  readonly last: (input: BlockSize, image: BlockSize, output: OutputName) => LayerSpec<K>;
  /** The inverse of `placed`. */
  readonly hidden: (layer: LayerSpec<K>) => HiddenLayer<K>;
  readonly inputSize: (layer: LayerSpec<K>) => BlockSize;
  readonly outputSize: (layer: LayerSpec<K>) => BlockSize;
  readonly parameters: (layer: LayerSpec<K>) => ParameterShapes;
  readonly fans: (layer: LayerSpec<K>) => Fans;
  /** Multiply-adds of one image's forward pass. */
  readonly multiplyAdds: (layer: LayerSpec<K>) => number;
  /** Parses the text after "kind:"; undefined if it is not valid. */
  readonly parse: (text: string) => HiddenLayer<K> | undefined;
  /** The layer's text, as accepted by `parseLayers`. */
  readonly format: (hidden: HiddenLayer<K>) => string;
}

/** Nodes that a hidden dense layer may have. */
export const widthLimit = 65_536;

const kinds: { readonly [K in LayerKind]: KindRules<K> } = {
  dense: {
    check: ({ width }) => checkInteger("The width of a hidden layer", width, 1, widthLimit),
    placed: ({ width }, input) => dense(valuesOf(input), width, "relu"),
    last: (input, image, output) => dense(valuesOf(input), valuesOf(image), output),
    hidden: ({ outputs }) => ({ kind: "dense", width: outputs }),
    inputSize: ({ inputs }) => ({ rows: 1, columns: 1, channels: inputs }),
    outputSize: ({ outputs }) => ({ rows: 1, columns: 1, channels: outputs }),
    parameters: ({ inputs, outputs }) => ({ weight: [outputs, inputs], bias: [outputs] }),
    fans: ({ inputs, outputs }) => ({ in: inputs, out: outputs }),
    multiplyAdds: ({ inputs, outputs }) => inputs * outputs,
    parse: (text) => (decimal.test(text) ? { kind: "dense", width: Number(text) } : undefined),
    format: ({ width }) => String(width),
  },
};

const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

function dense(inputs: number, outputs: number, activation: ActivationName): LayerSpec<"dense"> {
  return { kind: "dense", inputs, outputs, activation };
}

/** The kinds of layers. */
const layerKinds = Object.keys(kinds) as LayerKind[];

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

/** A hidden layer for an input of that size. */
export function placedLayer<K extends LayerKind>(hidden: HiddenLayer<K>, input: BlockSize): LayerSpec<K> {
  return kinds[hidden.kind].placed(hidden, input);
}

/** A network's last layer, determined by the layer before it. */
export function lastLayer<K extends LayerKind>(
  before: LayerSpec<K>,
  image: BlockSize,
  output: OutputName,
): LayerSpec<K> {
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
function formatLayer<K extends LayerKind>(layer: HiddenLayer<K>): string {
  return kinds[layer.kind].format(layer);
}

/** The text of hidden layers, as "512,128,512". */
export function formatLayers(hidden: readonly HiddenLayer[]): string {
  return hidden.map(formatLayer).join(",");
}

/** The words separated by commas or spaces; an empty word if there is nothing between two commas. */
export function layerWords(text: string): string[] {
  return text.trim().split(/\s*[,;\s]\s*/);
}

/**
 * Parses hidden layers separated by commas or spaces: "kind:size" each, or the size alone for a dense layer.
 * "512,128,512" and "dense:512,128,512" are the same. Sizes are not checked. Throws an InputError for a word that
 * names no layer.
 */
export function parseLayers(text: string): HiddenLayer[] {
  if (text.trim() === "") return [];
  return layerWords(text).map((word) => {
    const [kind, size = ""] = word.includes(":") ? word.split(/:(.*)/s) : ["dense", word];
    const known = layerKinds.find((name) => name === kind?.trim());
    const layer = known && kinds[known].parse(size);
    if (layer) return layer;
    const given = word === "" ? "An empty place" : quote(word);
    throw new InputError(
      `${given} is not a hidden layer: write the number of nodes of each, as 32 or 512,128,512.`,
    );
  });
}

/** Hidden layers in JSON: a dense layer as its number of nodes, another layer as its text. */
export function layersJson(hidden: readonly HiddenLayer[]): (number | string)[] {
  return hidden.map((layer) => (layer.kind === "dense" ? layer.width : formatLayer(layer)));
}

/**
 * The accepted forms of hidden layers: one text for all of them, or a list whose items are the number of nodes of a
 * dense layer, a text, or the layer itself.
 */
export type GivenLayers = string | readonly (number | string | HiddenLayer)[];

/** Converts hidden layers in any of those forms, from a program or a file; throws an InputError for anything else. */
export function hiddenLayers(given: unknown): HiddenLayer[] {
  if (typeof given === "string") return parseLayers(given);
  if (!Array.isArray(given)) {
    throw new InputError(
      `The hidden layers must be a list, as [512, 128, 512], but they are ${quote(given)}.`,
    );
  }
  return given.flatMap((layer: unknown) => {
    if (typeof layer === "number") return denseLayers(layer);
    if (typeof layer === "string") return parseLayers(layer);
    if (isHiddenLayer(layer)) return layer;
    throw new InputError(`A hidden layer must be a number of nodes, but it is ${quote(layer)}.`);
  });
}

function isHiddenLayer(value: unknown): value is HiddenLayer {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return layerKinds.some((kind) => kind === value.kind);
}
