import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";

/**
 * What becomes of the last layer's logits z, for the network's input x.
 *
 * sigmoid   1 / (1 + exp(-z)): always a picture
 * linear    z itself
 * residual  x - z: the network predicts the noise, which is easier where there is little of it (Zhang et al. 2017,
 *           "Beyond a Gaussian denoiser", arXiv:1608.03981)
 */
export const outputNames = ["sigmoid", "linear", "residual"] as const;
/** What becomes of the last layer's logits. */
export type OutputName = (typeof outputNames)[number];

/** Every activation a dense layer can end with. */
export const activationNames = ["relu", ...outputNames] as const;
export type ActivationName = (typeof activationNames)[number];

/** A dense autoencoder: `inputs` values -> hidden layers -> `inputs` values. */
export interface NetworkSpec {
  /** Values of one image: rows * columns * channels. */
  readonly inputs: number;
  /** Widths of the hidden layers, from the picture's side to the picture's side. The narrowest is the code. */
  readonly hidden: readonly number[];
  /** Of the hidden layers. */
  readonly activation: "relu";
  /** Of the last layer. */
  readonly output: OutputName;
  /** [rows, columns] */
  readonly image: readonly [number, number];
  /** 1 for grey, 3 for red, green and blue, which lie together pixel by pixel. */
  readonly channels: number;
}

/** What an autoencoder may have beside its sizes; grey and sigmoid if left out. */
export type NetworkOptions = Partial<Pick<NetworkSpec, "output" | "channels">>;

/** One dense layer: y[outputs] = activation(weight[outputs, inputs] x[inputs] + bias[outputs]). */
export interface LayerSpec {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: ActivationName;
}

/** The weights of one dense layer, in PyTorch's order: weight [outputs, inputs], bias [outputs]. */
export interface LayerWeights {
  /** [outputs, inputs] */
  readonly weight: Float32Array<ArrayBuffer>;
  /** [outputs] */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** A network and its weights: all that is needed to denoise. */
export interface Model {
  /** What the weights are of. */
  readonly network: NetworkSpec;
  /** First to last. */
  readonly layers: readonly LayerWeights[];
}

export const networkLimits = {
  /** Values an image may have. */
  inputs: 1 << 20,
  /** Nodes a hidden layer may have. */
  width: 65_536,
  /** Hidden layers; one below the layer table that `shaders/lib/weight_update.wgsl` has. */
  depth: 15,
} as const;

/** The autoencoder for images of rows x columns pixels; throws an InputError when a size is out of range. */
export function autoencoder(
  image: readonly [number, number],
  hidden: readonly number[],
  { output = "sigmoid", channels = 1 }: NetworkOptions = {},
): NetworkSpec {
  const [rows, columns] = image;
  if (channels !== 1 && channels !== 3) {
    throw new InputError(`Images have 1 channel (grey) or 3 (RGB), but ${channels} are given.`);
  }
  checkInteger("The number of image rows", rows, 1, networkLimits.inputs);
  checkInteger("The number of image columns", columns, 1, networkLimits.inputs);
  checkInteger("The number of values of an image", rows * columns * channels, 1, networkLimits.inputs);
  if (hidden.length < 1 || hidden.length > networkLimits.depth) {
    throw new InputError(
      `A network needs 1 to ${networkLimits.depth} hidden layers, but ${hidden.length} are given.`,
    );
  }
  for (const width of hidden) checkInteger("The width of a hidden layer", width, 1, networkLimits.width);
  return {
    inputs: rows * columns * channels,
    hidden: [...hidden],
    activation: "relu",
    output,
    image: [rows, columns],
    channels,
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

/** Throws an InputError for a network whose output cannot be had from a latent code alone. */
export function checkDecodes({ output }: NetworkSpec): void {
  if (output !== "residual") return;
  throw new InputError(
    "A residual network cannot decode a code by itself: its output is the noisy image less the noise that it predicts.",
  );
}

/** "784-32-784" */
export function networkName(network: NetworkSpec): string {
  return [network.inputs, ...network.hidden, network.inputs].join("-");
}
