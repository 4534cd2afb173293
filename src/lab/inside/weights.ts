import { last } from "../../math/last.ts";
import type { Model } from "../../spec/network.ts";
import type { Filters, FilterWish } from "../inside-service.ts";

/**
 * Cuts out a page of units. A unit of the first layer has a weight for every pixel that it looks at; one of the last hidden
 * layer has a weight for every pixel that it draws.
 */
export function cutFilters(
  { network, layers }: Model,
  { layer, first: wanted, count }: FilterWish,
): Omit<Filters, "progress"> {
  const { inputs, hidden, image } = network;
  const [rows, columns] = image;
  const units = (layer === "encoder" ? hidden[0] : hidden.at(-1)) ?? 0;
  const { weight } = (layer === "encoder" ? layers[0] : undefined) ?? last(layers);
  const first = wanted < units ? wanted : Math.floor((units - 1) / count) * count;
  const pictured = Math.min(count, units - first);
  const weights = new Float32Array(pictured * inputs);
  for (let unit = 0; unit < pictured; unit++) {
    for (let pixel = 0; pixel < inputs; pixel++) {
      // PyTorch's order, [outputs, inputs]: units are the encoder's outputs and the decoder's inputs.
      const place = layer === "encoder" ? (first + unit) * inputs + pixel : pixel * units + first + unit;
      weights[unit * inputs + pixel] = weight[place] ?? 0;
    }
  }
  return { layer, rows, columns, units, first, weights, greatest: greatestOf(weight) };
}

/** The greatest magnitude among weights. */
export function greatestOf(weights: Float32Array): number {
  let greatest = 0;
  for (const weight of weights) greatest = Math.max(greatest, Math.abs(weight));
  return greatest;
}

/** The least and the greatest of weights. */
export function rangeOf(weights: Float32Array): readonly [number, number] {
  return [
    weights.reduce((least, weight) => Math.min(least, weight), Number.POSITIVE_INFINITY),
    weights.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY),
  ];
}
