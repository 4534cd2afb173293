import { shapeText } from "../data/shapes.ts";
import { InputError } from "../spec/input-error.ts";
import { type LayerSpec, outputNames } from "../spec/layer-specs.ts";
import { hiddenLayers, layersJson } from "../spec/layer-text.ts";
import { parameterShapes } from "../spec/layers.ts";
import {
  autoencoder,
  hiddenOf,
  imageValues,
  isConvolutional,
  type LayerWeights,
  type Model,
  type NetworkOptions,
  type NetworkSpec,
  networkName,
} from "../spec/network.ts";
import { quote } from "../spec/quote.ts";
import type { WrittenDtypeName } from "./dtype.ts";
import { encodeSafetensors, parseSafetensors, type Safetensors, type Tensor } from "./safetensors.ts";
import { parseJsonObject } from "./strict-json.ts";
import { encodeTrainingNote, type TrainingNote, trainingKey } from "./training-note.ts";

/*
 * A model file is a safetensors file with the tensors layers.I.weight and layers.I.bias of every layer I, in PyTorch's
 * shapes (of a dense layer [outputs, inputs] and [outputs]), and with the network as JSON in __metadata__.network:
 * {"inputs": 784, "hidden": [32], "activation": "relu", "output": "sigmoid", "image": [28, 28], "channels": 1}
 * A dense hidden layer is represented by its number of nodes. Without channels, which older files lack, the images
 * are grey. Convolutions may have "block": 2 and "noiseMap": true.
 */

/**
 * Encodes a model as a model file, with a note on its training data if given. Throws an InputError when a weight is
 * not finite, like parseModel, or too large for the dtype.
 */
export function encodeModel(
  model: Model,
  note?: TrainingNote,
  dtype?: WrittenDtypeName,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>();
  model.network.layers.forEach((layer, index) => {
    const weights = model.layers[index];
    if (weights === undefined) throw new RangeError(`The model has no weights for layer ${index}.`);
    for (const { part, key, shape } of tensorsOf(layer, index)) {
      checkFinite(weights[part], key, "the model");
      tensors.set(key, { shape, values: weights[part] });
    }
  });
  const metadata = new Map([[networkKey, networkJson(model.network)]]);
  if (note) metadata.set(trainingKey, encodeTrainingNote(note));
  return encodeSafetensors(tensors, metadata, dtype);
}

/** The key of the network in the file's metadata. */
export const networkKey = "network";

/** A network as in __metadata__.network. */
export function networkJson(network: NetworkSpec): string {
  const { output, image, channels, block, noiseMap } = network;
  const [inputs, hidden] = [imageValues(network), layersJson(hiddenOf(network))];
  return JSON.stringify({
    ...{ inputs, hidden, activation: "relu", output, image, channels },
    ...(block > 1 && { block }),
    ...(noiseMap && { noiseMap }),
  });
}

/** Parses a model file and checks all of it; throws an InputError that names the file. */
export function parseModel(bytes: Uint8Array, name: string): Model {
  return modelOf(parseSafetensors(bytes, name), name);
}

/**
 * The model from a model file's tensors and metadata, completely checked; throws an InputError that names the file.
 */
export function modelOf({ tensors: found, metadata }: Safetensors, name: string): Model {
  const tensors = new Map(found);
  const network = parseNetwork(metadata.get(networkKey), name);
  const needed = `the network ${networkName(network)}`;

  const take = ({ key, shape }: ModelTensor): LayerWeights[LayerPart] => {
    const tensor = tensors.get(key);
    if (tensor === undefined) throw new InputError(`${name} lacks the tensor ${key} that ${needed} needs.`);
    tensors.delete(key);
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw new InputError(
        `The tensor ${key} of ${name} has the shape ${quote(tensor.shape)}, but ${needed} needs ${quote(shape)}.`,
      );
    }
    checkFinite(tensor.values, key, name);
    return tensor.values;
  };
  const layers = network.layers.map((layer, index) => {
    const [weight, bias] = tensorsOf(layer, index);
    return { weight: take(weight), bias: take(bias) };
  });

  for (const key of tensors.keys()) {
    throw new InputError(`${name} has the tensor ${quote(key)}, which ${needed} does not use.`);
  }
  return { network, layers };
}

/** The same network for images of another size, which does not matter for convolutions. */
function sized(network: NetworkSpec, { image }: NetworkSpec): NetworkSpec {
  return isConvolutional(network) ? { ...network, image } : network;
}

/** Throws an InputError that names both networks unless `model`, read from file `name`, has the network `network`. */
export function checkWeights(model: Model, network: NetworkSpec, name: string): void {
  const [found, expected] = [fullName(sized(model.network, network)), fullName(network)];
  if (found !== expected) {
    throw new InputError(
      `The weights of ${name} are those of ${found}, but the run's network is ${expected}.`,
    );
  }
}

type LayerPart = keyof LayerWeights;

interface ModelTensor {
  readonly part: LayerPart;
  readonly key: string;
  readonly shape: readonly number[];
}

/** The tensors of one layer: its weight, then its bias. */
function tensorsOf(layer: LayerSpec, index: number): [weight: ModelTensor, bias: ModelTensor] {
  const { weight, bias } = parameterShapes(layer);
  return [
    { part: "weight", key: `layers.${index}.weight`, shape: weight },
    { part: "bias", key: `layers.${index}.bias`, shape: bias },
  ];
}

function checkFinite(values: Float32Array, key: string, name: string): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    throw new InputError(
      `The tensor ${key} of ${name} holds ${values[index]} at index ${index}, which is not finite.`,
    );
  }
}

function parseNetwork(json: string | undefined, name: string): NetworkSpec {
  if (json === undefined) {
    throw new InputError(
      `${name} does not say which network its weights are of: it lacks __metadata__.network.`,
    );
  }
  const {
    inputs,
    hidden,
    activation,
    output,
    image,
    channels = 1,
    block = 1,
    noiseMap = false,
  } = parseJsonObject(json, `The network in ${name}`);
  if (activation !== "relu") {
    throw new InputError(
      `The network in ${name} has the activation ${quote(activation)}, but only "relu" is known.`,
    );
  }
  const known = outputNames.find((outputName) => outputName === output);
  if (known === undefined) {
    throw new InputError(
      `The network in ${name} has the output ${quote(output)}, but it must be one of ${outputNames.join(", ")}.`,
    );
  }
  const [rows, columns] = isNumbers(image) && image.length === 2 ? image : [];
  if (rows === undefined || columns === undefined) {
    throw new InputError(
      `The network in ${name} must have an image of [rows, columns], but has ${quote(image)}.`,
    );
  }
  if (typeof channels !== "number") {
    throw new InputError(`The network in ${name} must have 1 or 3 channels, but has ${quote(channels)}.`);
  }
  if (typeof block !== "number" || typeof noiseMap !== "boolean") {
    throw new InputError(
      `The network in ${name} has the block ${quote(block)} and the noise map ${quote(noiseMap)}, but they must be a number, and true or false.`,
    );
  }
  const options = { output: known, channels, block, noiseMap };
  const network = checkedAutoencoder([rows, columns], hidden, options, name);
  if (inputs !== imageValues(network)) {
    throw new InputError(
      `The network in ${name} has ${quote(inputs)} inputs, but its images of ${rows} x ${columns} pixels need ${imageValues(network)}.`,
    );
  }
  return network;
}

/** `autoencoder` for a network in a file; its errors name the file. */
export function checkedAutoencoder(
  image: readonly [number, number],
  hidden: unknown,
  options: NetworkOptions,
  name: string,
): NetworkSpec {
  try {
    return autoencoder(image, hiddenLayers(hidden), options);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`The network in ${name} cannot be used: ${cause.message}`, { cause });
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((element) => typeof element === "number");
}

/** "784-32-784 (relu, sigmoid) for images of 28 x 28 pixels": a complete description of a network. */
function fullName(network: NetworkSpec): string {
  const { output, image, channels } = network;
  const colour = channels === 1 ? "" : " in colour";
  if (isConvolutional(network)) return `${networkName(network)} (relu, ${output})`;
  return `${networkName(network)} (relu, ${output}) for images of ${image.join(" x ")} pixels${colour}`;
}
