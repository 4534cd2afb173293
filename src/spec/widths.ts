import { parseNumber } from "./setting-kinds.ts";

/** Reads the widths of hidden layers, as "512,128,512"; commas or spaces separate them. Throws an InputError. */
export function parseWidths(text: string): readonly number[] {
  if (text.trim() === "") return [];
  return widthWords(text).map((word) => parseNumber("The width of a hidden layer", word));
}

/** "512,128,512" */
export function formatWidths(hidden: readonly number[]): string {
  return hidden.join(",");
}

/** The words that commas or spaces separate; an empty word where there is nothing between two commas. */
export function widthWords(text: string): string[] {
  return text.trim().split(/\s*[,;\s]\s*/);
}
