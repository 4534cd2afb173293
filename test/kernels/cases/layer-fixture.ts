import { layerUniform } from "../../../src/kernels/dense.ts";
import { type Family, families } from "../../../src/kernels/family.ts";
import { type LayerLayout, padRows, quads } from "../../../src/math/layout.ts";
import type { DenseLayer } from "../../../src/reference/dense-layer.ts";
import type { Selection } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";

/**
 * Batch, inputs, outputs: sizes that are not multiples of any tile, ones, multiples of four, and the notebook's layers.
 */
const layerShapes: readonly (readonly [batch: number, inputs: number, outputs: number])[] = [
  [1, 1, 1],
  [1, 5, 3],
  [2, 4, 4],
  [3, 3, 8],
  [5, 9, 2],
  [7, 33, 1],
  [4, 1, 13],
  [13, 31, 17],
  [6, 50, 40],
  [33, 100, 7],
  [37, 40, 70],
  [128, 784, 32],
  [128, 32, 784],
];

/** One sample and one workgroup, sizes that are not multiples of any tile, and several workgroups in each direction. */
const edgeShapes: typeof layerShapes = [
  [1, 5, 3],
  [13, 31, 17],
  [37, 40, 70],
];

/**
 * The shapes for a family and for the kernel's `variant`, an index into its list. Families differ only in the product,
 * which runs with all shapes once. Variants share code, so only the first family runs them.
 */
export function shapesOf(family: Family, variant: number, selection: Selection): typeof layerShapes {
  if (selection === "all" || variant === 0) return layerShapes;
  return family === families[0] ? edgeShapes : [];
}

/** The initial value of elements that a kernel must not change. */
export const untouched = 12345.5;

/** A layer at an offset in its buffers, with a batch of inputs, in float32 and in float64. */
export class LayerFixture {
  readonly batch: number;
  readonly rows: number;
  readonly layer: DenseLayer;
  readonly layout: LayerLayout;
  /** [batch, inputs] */
  readonly x: Float32Array<ArrayBuffer>;
  /** [rows, outputs]: the network's input if this layer were the last one. */
  readonly networkInput: Float32Array<ArrayBuffer>;
  readonly numbers: MadeNumbers;

  constructor(name: string, batch: number, inputs: number, outputs: number) {
    this.numbers = new MadeNumbers(`${name} ${batch} ${inputs} ${outputs}`);
    this.batch = batch;
    this.rows = 4 * quads(batch);
    const scale = 2 / Math.sqrt(inputs);
    this.layer = {
      inputs,
      outputs,
      weight: Float64Array.from(this.numbers.floats(outputs * inputs, -scale, scale)),
      bias: Float64Array.from(this.numbers.floats(outputs)),
    };
    this.x = this.numbers.floats(batch * inputs).map((value) => Math.max(0, value));
    this.networkInput = this.numbers.floats(this.rows * outputs);
    const inputOffset = this.rows * quads(outputs) + 3;
    // There are gaps between the blocks, so that a wrong offset is detected.
    this.layout = {
      spec: { kind: "dense", inputs, outputs, activation: "relu" },
      rowQuads: quads(batch),
      inputOffset,
      outputOffset: inputOffset + this.rows * quads(inputs) + 2,
      weightOffset: 5,
      biasOffset: 5 + 4 * quads(outputs) * quads(inputs) + 1,
      gradientOffset: 1,
      inputGradientOffset: 1 + this.rows * quads(outputs) + 4,
      addedOffset: 0,
      adderGradientOffset: 0,
      firstTile: 0,
    };
  }

  get uniform(): Uint32Array<ArrayBuffer> {
    return layerUniform(this.layout);
  }

  /** The `parameters` buffer, with other numbers before and after the layer's. */
  get parameters(): Float32Array<ArrayBuffer> {
    const { inputs, outputs, weight, bias } = this.layer;
    const { weightOffset, biasOffset } = this.layout;
    const parameters = filled(4 * (biasOffset + quads(outputs) + 2), untouched);
    const rows = 4 * quads(outputs);
    parameters.fill(0, 4 * weightOffset, 4 * (weightOffset + rows * quads(inputs)));
    parameters.set(padRows(weight, outputs, inputs), 4 * weightOffset);
    parameters.set(padRows(bias, 1, outputs), 4 * biasOffset);
    return parameters;
  }

  /** The `activations` buffer before the launch: the network's input first, then X, and untouched elements. */
  get activations(): Float32Array<ArrayBuffer> {
    const { inputs, outputs } = this.layer;
    const { inputOffset, outputOffset } = this.layout;
    const activations = filled(4 * (outputOffset + this.rows * quads(outputs) + 2), untouched);
    activations.set(this.padded(this.networkInput, outputs));
    activations.set(this.padded(this.x, inputs), 4 * inputOffset);
    return activations;
  }

  /** Rows of the batch in the device's layout: with zeros after each row and in the rows that fill up the batch. */
  padded(values: ArrayLike<number>, width: number): Float64Array {
    const stride = 4 * quads(width);
    const padded = new Float64Array(this.rows * stride);
    for (let index = 0; index < values.length; index++) {
      padded[Math.floor(index / width) * stride + (index % width)] = values[index] ?? Number.NaN;
    }
    return padded;
  }
}

/** The same number `count` times. */
export function filled(count: number, value: number): Float32Array<ArrayBuffer> {
  return new Float32Array(count).fill(value);
}

/** A copy of `base` with `part` at `offset`. */
export function overlaid(base: ArrayLike<number>, part: ArrayLike<number>, offset: number): Float64Array {
  const copy = Float64Array.from(base);
  copy.set(Array.from(part), offset);
  return copy;
}

/**
 * The possible error of a float32 sum of `length` products of numbers around `size`: length * 2^-24 for each rounding.
 */
export function sumTolerance(length: number, size = 1): number {
  return length * 2 ** -24 * size;
}

/** Strengths as kernels store them, a quad each; rows without an image are zeros. */
export function quadsOf(strengths: ArrayLike<number>, rows: number): Float64Array {
  return Float64Array.from({ length: 4 * rows }, (_, place) =>
    place % 4 === 0 ? (strengths[place / 4] ?? 0) : 0,
  );
}
