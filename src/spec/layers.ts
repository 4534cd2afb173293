import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { quote } from "./quote.ts";

/**
 * The output function of the last layer's logits z and the network's input x.
 *
 * sigmoid   1 / (1 + exp(-z)): always a picture
 * linear    z itself
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

/** The size of what goes from layer to layer. What a dense layer gives is 1 x 1 pixel of many channels. */
export interface BlockSize {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** y[outputs] = activation(weight[outputs, inputs] x[inputs] + bias[outputs]) */
export interface DenseSpec {
  /** Values that the layer takes. */
  readonly inputs: number;
  /** Nodes: values that the layer gives. */
  readonly outputs: number;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/** Every kind of layer, and what a layer of that kind has in its place in a network. */
export interface LayerSpecs {
  /** See DenseSpec. */
  readonly dense: DenseSpec;
}

/** The name of a kind of layer. */
export type LayerKind = keyof LayerSpecs;

/** A layer in its place in a network, with the sizes of what it takes and gives; of kind K, or of any. */
export type LayerSpec<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & LayerSpecs[P];
}[K];

/** Every kind of hidden layer, and what settings say of a layer of that kind; its place in a network is not known yet. */
export interface HiddenLayers {
  /** A dense layer of `width` nodes. */
  readonly dense: {
    /** Nodes, 1 to 65,536. */
    readonly width: number;
  };
}

/** A hidden layer as settings describe it; of kind K, or of any. */
export type HiddenLayer<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & HiddenLayers[P];
}[K];

/** The shapes of a layer's parameters, in PyTorch's order: of a dense layer [outputs, inputs] and [outputs]. */
export interface ParameterShapes {
  readonly weight: readonly number[];
  readonly bias: readonly number[];
}

/** How many values of the layer's input one value of its output is computed from, and the other way round. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** What a kind of layer is. */
interface KindRules<K extends LayerKind> {
  /** Throws an InputError for a size out of range. */
  readonly check: (hidden: HiddenLayer<K>) => void;
  /** The hidden layer that is given input of that size. */
  readonly placed: (hidden: HiddenLayer<K>, input: BlockSize) => LayerSpec<K>;
  /** The network's last layer, where the layer before it is of this kind. */
  readonly last: (input: BlockSize, image: BlockSize, output: OutputName) => LayerSpec<K>;
  /** The inverse of `placed`. */
  readonly hidden: (layer: LayerSpec<K>) => HiddenLayer<K>;
  readonly inputSize: (layer: LayerSpec<K>) => BlockSize;
  readonly outputSize: (layer: LayerSpec<K>) => BlockSize;
  readonly parameters: (layer: LayerSpec<K>) => ParameterShapes;
  readonly fans: (layer: LayerSpec<K>) => Fans;
  /** Multiplications of one image's forward pass, each with an addition. */
  readonly multiplyAdds: (layer: LayerSpec<K>) => number;
  /** What follows "kind:" in the layer's text; undefined for a text that is none. */
  readonly parse: (text: string) => HiddenLayer<K> | undefined;
  /** The layer's text, as `parseLayers` reads it. */
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

/** The kinds that layers can be of. */
const layerKinds = Object.keys(kinds) as LayerKind[];

/** Hidden dense layers of so many nodes. */
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

/** A hidden layer in its place, where it is given input of that size. */
export function placedLayer<K extends LayerKind>(hidden: HiddenLayer<K>, input: BlockSize): LayerSpec<K> {
  return kinds[hidden.kind].placed(hidden, input);
}

/** A network's last layer, which follows from the one before it. */
export function lastLayer<K extends LayerKind>(
  before: LayerSpec<K>,
  image: BlockSize,
  output: OutputName,
): LayerSpec<K> {
  return kinds[before.kind].last(outputSize(before), image, output);
}

/** A hidden layer of a network as settings describe it. */
export function hiddenLayer<K extends LayerKind>(layer: LayerSpec<K>): HiddenLayer<K> {
  return kinds[layer.kind].hidden(layer);
}

/** The size of what a layer takes. */
export function inputSize<K extends LayerKind>(layer: LayerSpec<K>): BlockSize {
  return kinds[layer.kind].inputSize(layer);
}

/** The size of what a layer gives. */
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

/** Multiplications of one image's forward pass through a layer, each with an addition. */
export function layerMultiplyAdds<K extends LayerKind>(layer: LayerSpec<K>): number {
  return kinds[layer.kind].multiplyAdds(layer);
}

/** The text of a hidden layer, as parseLayers reads it. */
function formatLayer<K extends LayerKind>(layer: HiddenLayer<K>): string {
  return kinds[layer.kind].format(layer);
}

/** The text of hidden layers, as "512,128,512". */
export function formatLayers(hidden: readonly HiddenLayer[]): string {
  return hidden.map(formatLayer).join(",");
}

/** The words that commas or spaces separate; an empty word where there is nothing between two commas. */
export function layerWords(text: string): string[] {
  return text.trim().split(/\s*[,;\s]\s*/);
}

/**
 * Reads hidden layers that commas or spaces separate: "kind:size" each, or the size alone for a dense layer. So "512,128,512" and
 * "dense:512,128,512" are the same. Sizes are not checked. Throws an InputError for a word that names no layer.
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

/** Hidden layers as JSON has them: a dense layer as its number of nodes, another one as its text. */
export function layersJson(hidden: readonly HiddenLayer[]): (number | string)[] {
  return hidden.map((layer) => (layer.kind === "dense" ? layer.width : formatLayer(layer)));
}

/**
 * What hidden layers can be given as: one text for all of them, or a list in which each is the number of nodes of a dense layer, a
 * text, or the layer itself.
 */
export type GivenLayers = string | readonly (number | string | HiddenLayer)[];

/** Hidden layers that were given in any of those ways, by a program or in a file; throws an InputError for anything else. */
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
