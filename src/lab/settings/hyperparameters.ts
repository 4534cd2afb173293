import { layerWords, widthLimit } from "../../spec/layers.ts";

/** How many hidden layers a symmetric network may be given by choice. */
export const layerCounts = ["1", "3", "5", "7"] as const;
export type LayerCount = (typeof layerCounts)[number];

/**
 * A network that is the same from both sides, as it is typed: `nodes` in each layer around the code, and `code` nodes in the
 * middle. Both are the words of the form, whatever they are, so that nothing is lost while one is typed.
 */
export interface Hyperparameters {
  readonly code: string;
  readonly layers: LayerCount;
  /** Undefined where the code is the only hidden layer. */
  readonly nodes: string | undefined;
}

/** "512, 128, 512" -> code 128, layers 3, nodes 512; undefined for widths that are no such network. */
export function hyperparametersOf(hidden: string): Hyperparameters | undefined {
  const words = layerWords(hidden);
  const layers = layerCounts.find((count) => Number(count) === words.length);
  const middle = (words.length - 1) / 2;
  const code = words[middle];
  if (layers === undefined || code === undefined) return undefined;
  const [nodes, ...others] = words.filter((_, index) => index !== middle);
  return others.every((word) => word === nodes) ? { code, layers, nodes } : undefined;
}

/** The widths that read as these, as "512, 128, 512"; what parts widths is taken out of the words, as of "1,024". */
export function hiddenOf({ code, layers, nodes = code }: Hyperparameters): string {
  const side = Array<string>((Number(layers) - 1) / 2).fill(nodes);
  return [...side, code, ...side].map((word) => word.replace(/[,;\s]+/g, "")).join(", ");
}

/** Whether a layer can have as many nodes as the word says. */
export function isWidth(word: string): boolean {
  const width = word.trim() === "" ? Number.NaN : Number(word);
  return Number.isInteger(width) && width >= 1 && width <= widthLimit;
}

/** The narrowest width of any network, the initial code size of a symmetric one; undefined if there is none. */
export function narrowestOf(hidden: string): string | undefined {
  return layerWords(hidden)
    .filter(isWidth)
    .sort((a, b) => Number(a) - Number(b))[0];
}
