import { widthLimit } from "../../spec/layer-kinds.ts";
import { layerWords } from "../../spec/layer-text.ts";

/** The numbers of hidden layers to choose from for a symmetric network. */
export const layerCounts = ["1", "3", "5", "7"] as const;
export type LayerCount = (typeof layerCounts)[number];

/**
 * A symmetric network, as it is typed: `nodes` in each layer around the code, and `code` nodes in the
 * middle. Both are unchanged texts of the form, so that nothing is lost while one is typed.
 */
export interface Hyperparameters {
  readonly code: string;
  readonly layers: LayerCount;
  /** Undefined if the code is the only hidden layer. */
  readonly nodes: string | undefined;
}

/**
 * "512, 128, 512" -> code 128, layers 3, nodes 512; undefined for widths that are not symmetric in this way, and for other kinds of
 * layers.
 */
export function hyperparametersOf(hidden: string): Hyperparameters | undefined {
  const words = layerWords(hidden);
  if (layerFormOf(hidden) === "convolutions") return undefined;
  const layers = layerCounts.find((count) => Number(count) === words.length);
  const middle = (words.length - 1) / 2;
  const code = words[middle];
  if (layers === undefined || code === undefined) return undefined;
  const [nodes, ...others] = words.filter((_, index) => index !== middle);
  return others.every((word) => word === nodes) ? { code, layers, nodes } : undefined;
}

/** What a network consists of. */
export type LayerForm = "dense" | "convolutions";

/** What the text of the hidden layers describes, also while it is typed. */
export function layerFormOf(hidden: string): LayerForm {
  return /(^|[\s,;])(conv|up|unet)\s*:/i.test(hidden) ? "convolutions" : "dense";
}

/** The hidden layers to begin with: those of TensorFlow's tutorial on autoencoders, if the sides of the images can be halved twice. */
export function usualLayers(form: LayerForm, image: readonly [number, number]): string {
  if (form === "dense") return "32";
  return image.every((side) => side % 4 === 0) ? "conv:16/2, conv:8/2, up:8, up:16" : "conv:16x4";
}

/** The widths as text, "512, 128, 512"; separators are removed from each, as from "1,024". */
export function hiddenOf({ code, layers, nodes = code }: Hyperparameters): string {
  const side = Array<string>((Number(layers) - 1) / 2).fill(nodes);
  return [...side, code, ...side].map((word) => word.replace(/[,;\s]+/g, "")).join(", ");
}

/** Whether the text is a valid number of nodes. */
export function isWidth(word: string): boolean {
  const width = word.trim() === "" ? Number.NaN : Number(word);
  return Number.isInteger(width) && width >= 1 && width <= widthLimit;
}

/** The smallest of the widths, which is the initial code size of a symmetric network; undefined if there is none. */
export function narrowestOf(hidden: string): string | undefined {
  return layerWords(hidden)
    .filter(isWidth)
    .sort((a, b) => Number(a) - Number(b))[0];
}
