import { last } from "../../math/last.ts";
import { taps } from "../../spec/layer-kinds.ts";
import { blockValues, imageValues, isConvolutional, type Model } from "../../spec/network.ts";
import type { Filters, FilterWish } from "./protocol.ts";

/**
 * Extracts the weights of a page of units. A unit of the first layer has a weight for every input pixel; one of the last hidden
 * layer has a weight for every output pixel. The units of a convolution are its kernels of 3 x 3 pixels.
 */
export function cutFilters(model: Model, wish: FilterWish): Omit<Filters, "progress"> {
  return isConvolutional(model.network) ? cutKernels(model, wish) : cutUnits(model, wish);
}

/** The kernels between each pair of channels of the first or the last convolution. */
function cutKernels(
  { layers }: Model,
  { layer, first: wanted, count }: FilterWish,
): Omit<Filters, "progress"> {
  const { weight } = (layer === "encoder" ? layers[0] : undefined) ?? last(layers);
  const units = weight.length / taps;
  const first = pageStart(wanted, units, count);
  const weights = weight.slice(taps * first, taps * Math.min(units, first + count));
  return { layer, rows: 3, columns: 3, units, first, weights, greatest: greatestOf(weight) };
}

/** The first unit of the page with the wanted one, or of the last page. */
export function pageStart(wanted: number, units: number, count: number): number {
  return wanted < units ? wanted : Math.floor((units - 1) / count) * count;
}

function cutUnits(
  { network, layers }: Model,
  { layer, first: wanted, count }: FilterWish,
): Omit<Filters, "progress"> {
  const [rows, columns] = network.image;
  const inputs = imageValues(network);
  const hidden = blockValues(network).slice(1, -1);
  const units = (layer === "encoder" ? hidden[0] : hidden.at(-1)) ?? 0;
  const { weight } = (layer === "encoder" ? layers[0] : undefined) ?? last(layers);
  const first = pageStart(wanted, units, count);
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

/** The minimum and the maximum of weights. */
export function rangeOf(weights: Float32Array): readonly [number, number] {
  return [
    weights.reduce((least, weight) => Math.min(least, weight), Number.POSITIVE_INFINITY),
    weights.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY),
  ];
}

/** Colours from the most negative weight to the most positive; an odd number, so that 0 has the middle one. */
const steps = 511;

/** The colours of weights from -1 to 1: [steps, 4], as a canvas draws them. */
export type WeightColors = Uint8ClampedArray;

/** Reads the page's current colours for weights, light or dark. */
export function readWeightColors(): WeightColors {
  const style = getComputedStyle(document.documentElement);
  const context = new OffscreenCanvas(steps, 1).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("The browser provides no canvas to mix colours on.");
  const gradient = context.createLinearGradient(0, 0, steps, 0);
  ["--weight-negative", "--weight-zero", "--weight-positive"].forEach((name, index) => {
    gradient.addColorStop(index / 2, style.getPropertyValue(name));
  });
  context.fillStyle = gradient;
  context.fillRect(0, 0, steps, 1);
  return context.getImageData(0, 0, steps, 1).data;
}

/** Converts weights [count] to pixels [count, 4]: 0 has the middle colour, `greatest` and its negative those at the ends. */
export function weightPixels(
  weights: Float32Array,
  greatest: number,
  colors: WeightColors,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * weights.length);
  const middle = (colors.length / 4 - 1) / 2;
  weights.forEach((weight, index) => {
    const share = greatest > 0 ? Math.max(-1, Math.min(1, weight / greatest)) : 0;
    const place = 4 * Math.round(middle * (1 + share));
    pixels.set(colors.subarray(place, place + 4), 4 * index);
  });
  return pixels;
}
