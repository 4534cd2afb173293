import { InputError } from "./input-error.ts";
import { mostLayers } from "./layer-kinds.ts";
import type { HiddenLayer, LayerKind } from "./layer-specs.ts";
import { denseLayers, formatLayer, layerKinds, parseLayer } from "./layers.ts";
import { quote } from "./quote.ts";

/** The text of hidden layers, as "512,128,512" or "conv:64x15". */
export function formatLayers(hidden: readonly HiddenLayer[]): string {
  const first = hidden[0];
  if (first?.kind === "conv" && isUnet(hidden, first.channels)) return `unet:${first.channels}`;
  const words: { word: string; times: number; kind: LayerKind }[] = [];
  for (const layer of hidden) {
    const word = formatLayer(layer);
    const before = words.at(-1);
    if (before?.word === word && layer.kind !== "dense") before.times += 1;
    else words.push({ word, times: 1, kind: layer.kind });
  }
  return words.map(({ word, times }) => (times === 1 ? word : `${word}x${times}`)).join(",");
}

/**
 * The hidden layers of a small U-Net (Ronneberger et al. 2015, arXiv:1505.04597): three floors of `channels`, twice and three times as
 * many, each with half the sides of the one above. On the way up, the output of each floor is added to that of the floor below.
 */
function unet(channels: number): HiddenLayer[] {
  const conv = (times: number, stride: 1 | 2 = 1): HiddenLayer => ({
    kind: "conv",
    channels: times * channels,
    stride,
  });
  const up = (times: number, from: number): HiddenLayer => ({ kind: "up", channels: times * channels, from });
  return [
    ...[conv(1), conv(1)],
    ...[conv(2, 2), conv(2)],
    ...[conv(3, 2), conv(3)],
    ...[up(2, 4), conv(2)],
    ...[up(1, 2), conv(1)],
  ];
}

function isUnet(hidden: readonly HiddenLayer[], channels: number): boolean {
  const layers = unet(channels);
  return (
    layers.length === hidden.length &&
    layers.every((layer, index) => formatLayer(layer) === (hidden[index] && formatLayer(hidden[index])))
  );
}

/** The words separated by commas or spaces; an empty word if there is nothing between two commas. */
export function layerWords(text: string): string[] {
  return text.trim().split(/\s*[,;\s]\s*/);
}

/**
 * Parses hidden layers separated by commas or spaces: "kind:size" each, or the size alone for a dense layer.
 *
 * 512 or dense:512   512 nodes
 * conv:16            a convolution to 16 channels
 * conv:16/2          the same with stride 2
 * up:16              a transposed convolution to 16 channels that doubles the sides
 * conv:16x9          nine times conv:16
 * conv:16+2, up:16+2 the same, and the output of layer 2 is added before the ReLU
 * unet:16            a small U-Net, alone
 *
 * Sizes are not checked. Throws an InputError for a word that names no layer.
 */
export function parseLayers(text: string): HiddenLayer[] {
  if (text.trim() === "") return [];
  const [, channels] = /^\s*unet\s*:\s*(\d+)\s*$/.exec(text) ?? [];
  if (channels !== undefined) return unet(Number(channels));
  return layerWords(text).flatMap((word) => {
    if (/^unet:\d+$/.test(word)) {
      throw new InputError(`${word} is a whole network: give it alone, without other layers.`);
    }
    const [kind, size = ""] = word.includes(":") ? word.split(/:(.*)/s) : ["dense", word];
    // A dense layer without its kind is not repeated, so that 0x10 is not ten layers of 0 nodes.
    const [, one = size, times = "1"] = (word.includes(":") && size.match(/^(.*\d)x(\d{1,2})$/)) || [];
    const known = layerKinds.find((name) => name === kind?.trim());
    const layer = known && Number(times) >= 1 && Number(times) <= mostLayers && parseLayer(known, one);
    if (layer) return Array.from({ length: Number(times) }, () => layer);
    const given = word === "" ? "An empty place" : quote(word);
    throw new InputError(
      `${given} is not a hidden layer: write the number of nodes of each, as 32 or 512,128,512, or convolutions, as conv:32x7 or conv:16/2,up:16.`,
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
  if (given.length > mostLayers) {
    throw new InputError(
      `A network has at most ${mostLayers} layers, but ${given.length} hidden ones are given.`,
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
