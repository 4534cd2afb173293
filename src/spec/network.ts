import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";

/** Every activation a dense layer can end with. */
export const activationNames = ["relu", "sigmoid"] as const;
export type ActivationName = (typeof activationNames)[number];

/** A dense autoencoder: `inputs` pixels -> hidden layers -> `inputs` pixels. */
export interface NetworkSpec {
  /** Pixels of one image: rows * columns. */
  readonly inputs: number;
  /** Widths of the hidden layers, from the picture's side to the picture's side. The narrowest is the code. */
  readonly hidden: readonly number[];
  readonly activation: "relu";
  readonly output: "sigmoid";
  /** [rows, columns] */
  readonly image: readonly [number, number];
}

/** One dense layer: y[outputs] = activation(weight[outputs, inputs] x[inputs] + bias[outputs]). */
export interface LayerSpec {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: ActivationName;
}

/** The weights of one dense layer, in PyTorch's order: weight [outputs, inputs], bias [outputs]. */
export interface LayerWeights {
  readonly weight: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
}

/** A network and its weights: all that is needed to denoise. */
export interface Model {
  readonly network: NetworkSpec;
  readonly layers: readonly LayerWeights[];
}

export const networkLimits = {
  /** Pixels an image may have. */
  inputs: 1 << 20,
  /** Nodes a hidden layer may have. */
  width: 65_536,
  /** Hidden layers; one below the layer table that `shaders/lib/adadelta_update.wgsl` has. */
  depth: 15,
} as const;

/** The autoencoder for images of rows x columns pixels; throws an InputError when a size is out of range. */
export function autoencoder(image: readonly [number, number], hidden: readonly number[]): NetworkSpec {
  const [rows, columns] = image;
  checkInteger("The number of image rows", rows, 1, networkLimits.inputs);
  checkInteger("The number of image columns", columns, 1, networkLimits.inputs);
  checkInteger("The number of pixels of an image", rows * columns, 1, networkLimits.inputs);
  if (hidden.length < 1 || hidden.length > networkLimits.depth) {
    throw new InputError(
      `A network needs 1 to ${networkLimits.depth} hidden layers, but ${hidden.length} are given.`,
    );
  }
  for (const width of hidden) checkInteger("The width of a hidden layer", width, 1, networkLimits.width);
  return {
    inputs: rows * columns,
    hidden: [...hidden],
    activation: "relu",
    output: "sigmoid",
    image: [rows, columns],
  };
}

/** The dense layers of a network, first to last. */
export function layersOf(network: NetworkSpec): LayerSpec[] {
  const sizes = [network.inputs, ...network.hidden, network.inputs];
  return sizes.slice(1).map((outputs, index) => ({
    inputs: sizes[index] ?? 0,
    outputs,
    activation: index < network.hidden.length ? network.activation : network.output,
  }));
}

/** How many layers make the encoder: those up to the narrowest hidden layer (of equals, the middlemost). */
export function encoderDepth(network: NetworkSpec): number {
  const middle = (network.hidden.length - 1) / 2;
  const narrowest = Math.min(...network.hidden);
  let code = -1;
  network.hidden.forEach((width, index) => {
    if (width === narrowest && (code < 0 || Math.abs(index - middle) < Math.abs(code - middle))) code = index;
  });
  return code + 1;
}

/** The number of values in a latent code. */
export function codeSize(network: NetworkSpec): number {
  return Math.min(...network.hidden);
}

/** "784-32-784" */
export function networkName(network: NetworkSpec): string {
  return [network.inputs, ...network.hidden, network.inputs].join("-");
}
