import { checkInteger, checkNumber } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { type HiddenLayer, type LayerSpec, type OutputName, valuesOf } from "./layer-specs.ts";
import { formatLayers, type GivenLayers, hiddenLayers } from "./layer-text.ts";
import {
  areConvolutions,
  checkHidden,
  checkSkips,
  checkTogether,
  hiddenLayer,
  inputSize,
  lastLayer,
  layerMultiplyAdds,
  outputSize,
  parameterShapes,
  placedLayer,
  skipOf,
} from "./layers.ts";

/** An autoencoder: the output of its last layer has the size of the input image. */
export interface NetworkSpec {
  /** [rows, columns] */
  readonly image: readonly [number, number];
  /** 1 for grey, 3 for red, green and blue, interleaved by pixel. */
  readonly channels: number;
  /** Convolutions get a block of this many rows and columns of pixels as the channels of one (PyTorch's pixel_unshuffle); 1 for none. */
  readonly block: number;
  /** The strength of the noise is an additional input channel of convolutions (Zhang et al. 2018, "FFDNet", arXiv:1710.04026). */
  readonly noiseMap: boolean;
  /** First to last. The hidden ones end in ReLU, the last one in `output`. */
  readonly layers: readonly LayerSpec[];
  /** Of the last layer. */
  readonly output: OutputName;
}

/** Optional properties of an autoencoder. Default: grey, sigmoid, no blocks and no noise map. */
export type NetworkOptions = Partial<Pick<NetworkSpec, "output" | "channels" | "block" | "noiseMap">>;

/** The weights of one layer, in PyTorch's order and in the shapes of its ParameterShapes. */
export interface LayerWeights {
  /** [outputs, inputs] for a dense layer. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** [outputs] */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** A network and its weights, sufficient for denoising. */
export interface Model {
  /** The network of the weights. */
  readonly network: NetworkSpec;
  /** First to last. */
  readonly layers: readonly LayerWeights[];
}

export const networkLimits = {
  /** Maximum values per image. */
  inputs: 1 << 20,
  /** Maximum sides of a block of pixels. */
  block: 8,
} as const;

/** The autoencoder for images of rows x columns pixels; throws an InputError when a size is out of range. */
export function autoencoder(
  image: readonly [number, number],
  given: GivenLayers,
  { output = "sigmoid", channels = 1, block = 1, noiseMap = false }: NetworkOptions = {},
): NetworkSpec {
  const [rows, columns] = image;
  if (channels !== 1 && channels !== 3) {
    throw new InputError(`Images have 1 channel (grey) or 3 (RGB), but ${channels} are given.`);
  }
  checkInteger("The number of image rows", rows, 1, networkLimits.inputs);
  checkInteger("The number of image columns", columns, 1, networkLimits.inputs);
  checkInteger("The number of values of an image", rows * columns * channels, 1, networkLimits.inputs);
  return networkOn(image, given, { output, channels, block, noiseMap });
}

/** The same without limits for the image, for the tiles of a picture; throws an InputError for layers that do not fit it. */
export function networkOn(
  [rows, columns]: readonly [number, number],
  given: GivenLayers,
  { output, channels, block, noiseMap }: Required<NetworkOptions>,
): NetworkSpec {
  const hidden = hiddenLayers(given);
  checkTogether(hidden);
  for (const layer of hidden) checkHidden(layer);
  checkBlock(block, noiseMap, areConvolutions(hidden), [rows, columns]);
  const size = { rows: rows / block, columns: columns / block, channels: channels * block ** 2 };
  const [first, ...others] = hidden;
  let layer = placedLayer(first, { ...size, channels: size.channels + (noiseMap ? 1 : 0) });
  const layers = [layer];
  for (const next of others) {
    layer = placedLayer(next, outputSize(layer));
    layers.push(layer);
  }
  checkSkips(layers);
  layers.push(lastLayer(layer, size, output));
  return { image: [rows, columns], channels, block, noiseMap, layers, output };
}

function checkBlock(
  block: number,
  noiseMap: boolean,
  convolutions: boolean,
  [rows, columns]: readonly [number, number],
): void {
  checkInteger("The block", block, 1, networkLimits.block);
  if (!convolutions && (block > 1 || noiseMap)) {
    throw new InputError(
      `Dense layers have no ${block > 1 ? "blocks of pixels" : "noise map"}: leave that out, or choose convolutions, as conv:32x7.`,
    );
  }
  if (rows % block === 0 && columns % block === 0) return;
  throw new InputError(
    `Blocks of ${block} x ${block} pixels need sides that ${block} divides, but the images have ${rows} x ${columns} pixels.`,
  );
}

/** The properties of a network that `networkOn` takes as options. */
export function optionsOf({ output, channels, block, noiseMap }: NetworkSpec): Required<NetworkOptions> {
  return { output, channels, block, noiseMap };
}

/** Throws an InputError for a strength of the noise that is out of range, or that is given although the network has no noise map. */
export function checkStrength(network: NetworkSpec, strength: number | undefined): void {
  if (strength === undefined) return;
  checkNumber("The strength of the noise", strength, 0, 10);
  if (network.noiseMap) return;
  throw new InputError(
    `The network ${networkName(network)} has no noise map, so it takes no strength of the noise: leave it out.`,
  );
}

/** Whether a network consists of convolutions, which use a pixel's neighbours and take pictures of any size. */
export function isConvolutional({ layers }: NetworkSpec): boolean {
  return areConvolutions(layers);
}

/** The values of one image: rows * columns * channels. */
export function imageValues({ image: [rows, columns], channels }: NetworkSpec): number {
  return rows * columns * channels;
}

/** The input and output sizes of consecutive layers; 0 if there are none. */
export function endsOf(layers: readonly LayerSpec[]): { readonly inputs: number; readonly outputs: number } {
  const [first, last] = [layers.at(0), layers.at(-1)];
  return {
    inputs: first ? valuesOf(inputSize(first)) : 0,
    outputs: last ? valuesOf(outputSize(last)) : 0,
  };
}

/** The hidden layers of a network as described by settings; `autoencoder` converts them back to the network. */
export function hiddenOf({ layers }: NetworkSpec): HiddenLayer[] {
  return layers.slice(0, -1).map((layer) => hiddenLayer(layer));
}

/** The position of a network's latent code. */
export interface Code {
  /** The number of layers in the encoder; the others form the decoder. */
  readonly depth: number;
  /** Values of a code. Those of convolutions are in PyTorch's order: [channels, rows, columns]. */
  readonly size: number;
}

/**
 * The latent code of a network: the output of the hidden layer with the fewest values (in a tie, the one closest to the middle).
 * Undefined for convolutions without a bottleneck.
 */
export function codeOf(network: NetworkSpec): Code | undefined {
  const sizes = network.layers.slice(0, -1).map((layer) => valuesOf(outputSize(layer)));
  const size = Math.min(...sizes);
  const middle = (sizes.length - 1) / 2;
  let narrowest = -1;
  sizes.forEach((values, index) => {
    const nearer = narrowest < 0 || Math.abs(index - middle) < Math.abs(narrowest - middle);
    if (values === size && nearer) narrowest = index;
  });
  const code = { depth: narrowest + 1, size };
  return isBottleneck(network, code) ? code : undefined;
}

/** Whether the decoder gets nothing but the code, which for convolutions must have fewer values than an image. */
function isBottleneck(network: NetworkSpec, { depth, size }: Code): boolean {
  if (!isConvolutional(network)) return true;
  const around = network.layers.slice(depth).some((layer) => (skipOf(layer) ?? depth + 1) <= depth);
  return size < imageValues(network) && !around;
}

/** The latent code of a network; throws an InputError for a network that has none. */
export function requireCode(network: NetworkSpec): Code {
  const code = codeOf(network);
  if (code) return code;
  throw new InputError(noCodeSentence(network));
}

/** Why a network has no latent code: one sentence. */
export function noCodeSentence(network: NetworkSpec): string {
  return `The network ${networkName(network)} has no latent code: none of its hidden layers has fewer values than an image and no skip from it or around it.`;
}

/** Throws an InputError for a network whose output cannot be computed from a latent code alone. */
export function checkDecodes({ output }: NetworkSpec): void {
  if (output !== "residual") return;
  throw new InputError(
    "A residual network cannot decode a code by itself: its output is the noisy image minus the noise that it predicts.",
  );
}

/** Multiply-adds of one image's forward pass through a network. */
export function multiplyAdds({ layers }: Pick<NetworkSpec, "layers">): number {
  return layers.reduce((sum, layer) => sum + layerMultiplyAdds(layer), 0);
}

/** Weights and biases of a network. */
export function parameterCount({ layers }: NetworkSpec): number {
  const count = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
  return layers.map(parameterShapes).reduce((sum, { weight, bias }) => sum + count(weight) + count(bias), 0);
}

/** The number of values of the image, then of each layer's output: [784, 32, 784]. */
export function blockValues(network: NetworkSpec): number[] {
  return [imageValues(network), ...network.layers.map((layer) => valuesOf(outputSize(layer)))];
}

/** "784-32-784", or "28x28 conv:16/2,up:16" for convolutions, "28x28x3" in colour. */
export function networkName(network: NetworkSpec): string {
  if (!isConvolutional(network)) return blockValues(network).join("-");
  const { image, channels, block, noiseMap } = network;
  const sides = [...image, ...(channels > 1 ? [channels] : [])].join("x");
  const blocks = block > 1 ? ` on blocks of ${block}` : "";
  return `${sides} ${formatLayers(hiddenOf(network))}${blocks}${noiseMap ? " with a noise map" : ""}`;
}
