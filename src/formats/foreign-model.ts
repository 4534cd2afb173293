import { InputError } from "../spec/input-error.ts";
import { taps } from "../spec/layer-kinds.ts";
import type { HiddenLayer, OutputName } from "../spec/layer-specs.ts";
import { formatLayers } from "../spec/layer-text.ts";
import { denseLayers, parameterShapes } from "../spec/layers.ts";
import { hiddenOf, type Model, type NetworkSpec, networkName } from "../spec/network.ts";
import { quote } from "../spec/quote.ts";
import { checkedAutoencoder, modelOf, networkJson, networkKey } from "./model-file.ts";
import { parseSafetensors, type Tensor } from "./safetensors.ts";

/*
 * Files from other programs: the state dict of a PyTorch network of Linear layers, or of Conv2d and ConvTranspose2d layers of 3 x 3
 * pixels, which contains only names and shapes. Layers are identified by number, "0.weight", "layers.0.weight", "fc1.weight", or as "encoder" and
 * "decoder", with or without numbers. Activations have no weights, so the file does not contain them; a ReLU is
 * assumed between layers. A decoder with tied weights has only biases in the file: it uses the encoder's weights, transposed.
 */

/** The user's description of a network, for files without one. */
export interface ToldNetwork {
  /** [rows, columns], or [rows, columns, channels]; undefined for a grey square. */
  readonly image?: readonly number[] | undefined;
  /** Undefined for sigmoid. */
  readonly output?: OutputName | undefined;
  /** Undefined to derive it from the shapes, which do not contain strides, nor transposed convolutions with as many inputs as outputs. */
  readonly hidden?: readonly HiddenLayer[] | undefined;
}

/** A model, and a sentence for the user if the file alone does not describe its network. */
export interface ReadModel {
  readonly model: Model;
  readonly remark?: string;
}

/** A layer's tensors, and their names without ".weight" and ".bias". */
interface FoundLayer {
  readonly name: string;
  readonly weight: Tensor;
  /** Linear(..., bias=False) has none. */
  readonly bias: Tensor | undefined;
}

/**
 * Reads a model file, or a file with only the weights of a PyTorch network, and checks all of it. Throws an
 * InputError that names the file. `told` is used for what the file does not describe; see checkTold.
 */
export function readModel(bytes: Uint8Array, name: string, told: ToldNetwork = {}): ReadModel {
  const { tensors, metadata } = parseSafetensors(bytes, name);
  if (metadata.has(networkKey)) {
    return { model: modelOf({ tensors, metadata }, name) };
  }
  const { layers, tied } = findLayers(tensors, name);
  const network = networkOf(layers, told, name);
  const shapes = network.layers.map(parameterShapes);
  const renamed = layers.flatMap(({ weight, bias }, index) => {
    const shape = shapes[index]?.bias ?? [];
    const zeros = { shape, values: new Float32Array(shape[0] ?? 0) };
    return [[`layers.${index}.weight`, weight] as const, [`layers.${index}.bias`, bias ?? zeros] as const];
  });
  const model = modelOf(
    { tensors: new Map(renamed), metadata: new Map([[networkKey, networkJson(network)]]) },
    name,
  );
  const [rows, columns] = network.image;
  const images = `${network.channels === 1 ? "grey" : "colour"} images of ${rows} x ${columns} pixels`;
  const remark = `${name} does not describe its network: it is read as ${networkName(network)} on ${images}, with ReLU activations${tied ? ", tied weights" : ""} and the output ${network.output} (change this with --image, --hidden and --output).`;
  return { model, remark };
}

/** Throws an InputError if the user's description contradicts the network in file `name`. */
export function checkTold(network: NetworkSpec, { image, output, hidden }: ToldNetwork, name: string): void {
  if (output !== undefined && output !== network.output) {
    throw new InputError(`${name} says that its output is ${network.output}, so it cannot be ${output}.`);
  }
  const layers = formatLayers(hiddenOf(network));
  if (hidden !== undefined && formatLayers(hidden) !== layers) {
    throw new InputError(
      `${name} says that its hidden layers are ${layers}, so they cannot be ${formatLayers(hidden)}.`,
    );
  }
  const [rows, columns] = network.image;
  const own = [rows, columns, network.channels];
  // Rows and columns alone leave the channels open.
  if (image?.some((size, index) => size !== own[index])) {
    throw new InputError(
      `${name} says that its images are ${own.join(" x ")}, so they cannot be ${image.join(" x ")}.`,
    );
  }
}

/**
 * The maximum length of a tensor's name: without a limit, separating its number from the rest takes time that grows
 * quadratically.
 */
const longestName = 200;

/** The maximum number of layers and groups of layers in a message. */
const mostNamed = 20;

const layerName = /^(?<group>.*?)(?<number>\d*)\.(?<part>weight|bias)$/;

/** The layers of a state dict, first to last, and whether some of them share weights. */
function findLayers(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
): { readonly layers: FoundLayer[]; readonly tied: boolean } {
  if (tensors.size === 0) throw new InputError(`${name} holds no tensors.`);
  const found = [...tensors.keys()].map((key) => {
    const { group, number } = (key.length <= longestName && layerName.exec(key)?.groups) || {};
    if (group !== undefined && number !== undefined) {
      return { group, number: Number(number), layer: key.slice(0, key.lastIndexOf(".")) };
    }
    throw new InputError(
      `The tensor ${quote(key)} of ${name} is neither the weight nor the bias of a layer.`,
    );
  });
  const groups = [...new Set(found.map(({ group }) => group))].sort(encoderFirst);
  const inOrder =
    groups.length < 2 ||
    (groups.length === 2 && /encoder\.?$/.test(groups[0] ?? "") && /decoder\.?$/.test(groups[1] ?? ""));
  if (!inOrder) {
    throw new InputError(
      `${name} has layers named ${listed(groups.map(quote), ", ")}, whose order is unknown: number them, as 0.weight, 2.weight or layers.0.weight.`,
    );
  }
  found.sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.number - b.number);
  const names = [...new Set(found.map(({ layer }) => layer))];
  const tied = names.some((layer) => !tensors.has(`${layer}.weight`));
  const all = tied ? withTiedWeights(tensors, names, name) : tensors;
  return { layers: names.map((layer) => takeLayer(all, layer, name)), tied };
}

/**
 * The tensors with the weights that a file leaves out because two layers share them, as in an autoencoder with tied weights: each
 * layer without a weight has that of its mirror image, transposed. Throws an InputError unless the layers pair up in this way,
 * and every shape fits.
 */
function withTiedWeights(
  tensors: ReadonlyMap<string, Tensor>,
  names: readonly string[],
  name: string,
): ReadonlyMap<string, Tensor> {
  const all = new Map(tensors);
  names.forEach((layer, index) => {
    if (tensors.has(`${layer}.weight`)) return;
    const mirror = names[names.length - 1 - index] ?? layer;
    const weight = tensors.get(`${mirror}.weight`);
    const bias = tensors.get(`${layer}.bias`);
    if (!weight || !bias)
      throw new InputError(`${name} has the tensor ${layer}.bias, but no ${layer}.weight.`);
    const [outputs = 0, inputs = 0] = weight.shape;
    if (weight.shape.length !== 2 || bias.shape.join() !== `${inputs}`) {
      throw new InputError(
        `${name} has the tensor ${layer}.bias ${quote(bias.shape)}, but no ${layer}.weight: if its weights are tied to ${mirror}.weight ${quote(weight.shape)}, save them as ${layer}.weight too.`,
      );
    }
    const values = new Float32Array(weight.values.length);
    for (let output = 0; output < outputs; output++) {
      for (let input = 0; input < inputs; input++) {
        values[input * outputs + output] = weight.values[output * inputs + input] ?? 0;
      }
    }
    all.set(`${layer}.weight`, { shape: [inputs, outputs], values });
  });
  return all;
}

/** Puts the encoder before the decoder, although files are sorted alphabetically. */
function encoderFirst(a: string, b: string): number {
  return Number(b.includes("encoder")) - Number(a.includes("encoder"));
}

function takeLayer(tensors: ReadonlyMap<string, Tensor>, layer: string, name: string): FoundLayer {
  const weight = tensors.get(`${layer}.weight`);
  if (weight === undefined)
    throw new InputError(`${name} has the tensor ${layer}.bias, but no ${layer}.weight.`);
  const [outputs, inputs, ...kernel] = weight.shape;
  if (outputs === undefined || inputs === undefined || (kernel.length > 0 && kernel.join() !== "3,3")) {
    throw new InputError(
      `The tensor ${layer}.weight of ${name} has the shape ${quote(weight.shape)}, but only dense layers, [outputs, inputs], and convolutions of 3 x 3 pixels, [outputs, inputs, 3, 3], are known.`,
    );
  }
  // A layer without inputs takes no bytes in the file, regardless of the number of outputs it claims.
  if (inputs === 0 || outputs === 0) {
    throw new InputError(
      `The tensor ${layer}.weight of ${name} has the shape ${quote(weight.shape)}, which has no weights.`,
    );
  }
  return { name: layer, weight, bias: tensors.get(`${layer}.bias`) };
}

/** The first items of a list, joined; dots stand for the omitted ones. */
function listed(some: readonly (string | number)[], separator: string): string {
  return [...some.slice(0, mostNamed), ...(some.length > mostNamed ? ["..."] : [])].join(separator);
}

/** The network formed by the layers; throws an InputError unless they form an autoencoder. */
function networkOf(layers: readonly FoundLayer[], told: ToldNetwork, name: string): NetworkSpec {
  if (layers.some(({ weight }) => weight.shape.length > 2)) return convolutionsOf(layers, told, name);
  const widths = layers.map(({ weight }) => weight.shape[0] ?? 0);
  const inputs = layers[0]?.weight.shape[1] ?? 0;
  layers.forEach(({ name: layer, weight }, index) => {
    const given = index === 0 ? inputs : (widths[index - 1] ?? 0);
    if (weight.shape[1] === given) return;
    throw new InputError(
      `The layer ${layer} of ${name} takes ${weight.shape[1]} values, but the one before it gives ${given}.`,
    );
  });
  if (layers.length < 2 || widths.at(-1) !== inputs) {
    throw new InputError(
      `${name} has the layers ${listed([inputs, ...widths], "-")}, but a denoiser has two or more, of which the last gives as many values as the first takes.`,
    );
  }
  const [rows = 0, columns = 0, channels = 1] = told.image ?? squareOf(inputs, name);
  if (told.image?.length === 2 && rows * columns * 3 === inputs) {
    throw new InputError(
      `${name} takes ${inputs} values, three for each of ${rows} x ${columns} pixels: give the image as ${rows}x${columns}x3, in colour.`,
    );
  }
  if (rows * columns * channels !== inputs) {
    throw new InputError(
      `${name} takes ${inputs} values, but images of ${[rows, columns, channels].join(" x ")} have ${rows * columns * channels}.`,
    );
  }
  const { output = "sigmoid" } = told;
  const hidden = denseLayers(...widths.slice(0, -1));
  return checkedAutoencoder([rows, columns], hidden, { output, channels }, name);
}

/** The sides of an image for convolutions, which take any, if none is given. */
const usualSide = 64;

/** The network formed by convolutions; throws an InputError unless they lead from an image to an image. */
function convolutionsOf(layers: readonly FoundLayer[], told: ToldNetwork, name: string): NetworkSpec {
  const [takes, gives] = [layers[0]?.weight.shape[1] ?? 0, layers.at(-1)?.weight.shape[0] ?? 0];
  const { channels, block } = imageOf(gives, told.image?.[2]);
  const side = block * Math.ceil(usualSide / block);
  const [rows = side, columns = side, toldChannels] = told.image ?? [];
  const noiseMap = takes === gives + 1;
  if (toldChannels !== undefined && toldChannels !== channels) {
    throw new InputError(
      `${name} takes images of ${channels} channels, but images of ${[rows, columns, toldChannels].join(" x ")} are given.`,
    );
  }
  const { output = "sigmoid" } = told;
  const hidden = told.hidden ?? plainConvolutions(layers, name);
  if (layers.length < 2 || (takes !== gives && !noiseMap)) {
    const steps = [takes, ...layers.map(({ weight }) => weight.shape[0] ?? 0)];
    throw new InputError(
      `${name} has convolutions of ${listed(steps, "-")} channels, but a denoiser has two or more, of which the last gives as many channels as the first takes.`,
    );
  }
  return checkedAutoencoder([rows, columns], hidden, { output, channels, block, noiseMap }, name);
}

/** The channels of a network's images and the sides of its blocks, from its number of output channels: 1, 3, 4, 9, 12, 27, ... */
function imageOf(gives: number, told: number | undefined): { channels: number; block: number } {
  for (const channels of told === undefined ? [1, 3] : [told]) {
    const block = Math.sqrt(gives / channels);
    if (Number.isInteger(block)) return { channels, block };
  }
  return { channels: gives, block: 1 };
}

/** The hidden layers of convolutions with stride 1, as DnCNN's; throws an InputError if they cannot be these. */
function plainConvolutions(layers: readonly FoundLayer[], name: string): HiddenLayer[] {
  let given = layers[0]?.weight.shape[1] ?? 0;
  const hidden = layers.map(({ name: layer, weight }): HiddenLayer => {
    const [outputs = 0, inputs = 0] = weight.shape;
    if (inputs !== given || weight.values.length !== taps * inputs * outputs) {
      throw new InputError(
        `The layer ${layer} of ${name} takes ${inputs} channels, but the one before it gives ${given}: if it is a transposed convolution, describe the network with --hidden, as --hidden conv:16/2,up:16.`,
      );
    }
    given = outputs;
    return { kind: "conv", channels: outputs, stride: 1 };
  });
  return hidden.slice(0, -1);
}

/** The sides of a grey square image with this many values. */
function squareOf(values: number, name: string): [number, number] {
  const side = Math.round(Math.sqrt(values));
  if (side ** 2 === values) return [side, side];
  throw new InputError(
    `${name} takes ${values} values, which do not make a square image: give its rows and columns with --image, as --image 28x28, or 32x32x3 in colour.`,
  );
}
