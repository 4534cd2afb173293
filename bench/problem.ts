import { type ByteImageSet, readImageSet, selectImages } from "../src/data/image-set.ts";
import { normal4 } from "../src/math/normal.ts";
import { philox } from "../src/math/philox.ts";
import { initialWeights } from "../src/network/initial-weights.ts";
import type { LayerSpec } from "../src/spec/layer-specs.ts";
import { autoencoder, isConvolutional, type LayerWeights } from "../src/spec/network.ts";
import { batchCount, networkOf, type Shape } from "./shapes.ts";

/** The input of every system: the same images, the same noise, the same initial weights. */
export interface Problem {
  readonly shape: Shape;
  /** [batches * batch, rows, columns], all different. */
  readonly clean: ByteImageSet;
  /** The clean images with Gaussian noise of factor 0.5, clipped, rounded to bytes. */
  readonly noisy: ByteImageSet;
  readonly layers: readonly ProblemLayer[];
}

/** A layer with its initial weights. */
export type ProblemLayer = LayerSpec & LayerWeights;

/** A batch as numbers in [0, 1]; each [batch, rows, columns]. */
export interface Batch {
  readonly noisy: Float32Array<ArrayBuffer>;
  readonly clean: Float32Array<ArrayBuffer>;
}

/** The problem of a shape, created from the digits' IDX file; the same in every page and in Node. */
export async function makeProblem(
  shape: Shape,
  digits: Uint8Array,
  batches: number = batchCount,
): Promise<Problem> {
  const clean = cleanImages(await readImageSet(digits, "the digits"), shape.image, batches * shape.batch);
  // Not of a residual output, which starts with zeros: then no other layer would have a gradient in the first step.
  const weights = initialWeights(autoencoder(shape.image, shape.hidden, { output: "linear" }), 0);
  // Libraries disagree on the derivative of ReLU at 0, which a convolution of black pixels without a bias would give.
  if (isConvolutional(networkOf(shape))) for (const { bias } of weights) bias.fill(0.01);
  const layers = networkOf(shape).layers.map((layer, index) => ({
    ...layer,
    ...(weights[index] ?? { weight: new Float32Array(), bias: new Float32Array() }),
  }));
  return { shape, clean, noisy: underNoise(clean), layers };
}

/** Images of any size: as many digits side by side as cover one, cut to its size. */
function cleanImages(digits: ByteImageSet, [rows, columns]: Shape["image"], count: number): ByteImageSet {
  const across = Math.ceil(columns / digits.columns);
  const perImage = across * Math.ceil(rows / digits.rows);
  const pixels = new Uint8Array(count * rows * columns);
  for (let image = 0; image < count; image++) {
    // The digits are sorted by label. This stride, coprime with their number, mixes them.
    const { pixels: sheet } = selectImages(
      digits,
      Array.from({ length: perImage }, (_, i) => ((image * perImage + i) * 3_331) % digits.count),
    );
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const digit = across * Math.floor(row / digits.rows) + Math.floor(column / digits.columns);
        const line = digit * digits.rows + (row % digits.rows);
        pixels[(image * rows + row) * columns + column] =
          sheet[line * digits.columns + (column % digits.columns)] ?? 0;
      }
    }
  }
  return { name: "the clean digits", count, rows, columns, pixels };
}

function underNoise(clean: ByteImageSet): ByteImageSet {
  const pixels = new Uint8Array(clean.pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    normal4(philox([i / 4, 0, 0, 0], [0, 0])).forEach((normal, j) => {
      const value = (clean.pixels[i + j] ?? 0) + 255 * 0.5 * normal;
      if (i + j < pixels.length) pixels[i + j] = Math.round(Math.min(255, Math.max(0, value)));
    });
  }
  return { ...clean, name: "the noisy digits", pixels };
}

/** The batches in the order of the steps. */
export function batchesOf({ shape, clean, noisy }: Problem): Batch[] {
  const size = shape.batch * clean.rows * clean.columns;
  const numbers = (set: ByteImageSet, batch: number) =>
    Float32Array.from(set.pixels.subarray(batch * size, (batch + 1) * size), (byte) => byte / 255);
  return Array.from({ length: clean.count / shape.batch }, (_, batch) => ({
    noisy: numbers(noisy, batch),
    clean: numbers(clean, batch),
  }));
}

/** The size of a sample, without its only channel: of values for dense layers, of rows and columns for convolutions. */
export function sampleSize({ shape, clean }: Problem): readonly number[] {
  const { rows, columns } = clean;
  return isConvolutional(networkOf(shape)) ? [rows, columns] : [rows * columns];
}

/**
 * Moves the dimensions of weights: `sides` are those in PyTorch's order, and `order` has the numbers of the moved ones. A
 * matrix [outputs, inputs] becomes [inputs, outputs] by the order [1, 0].
 */
export function moved(
  weight: Float32Array,
  sides: readonly number[],
  order: readonly number[],
): Float32Array<ArrayBuffer> {
  return Float32Array.from(weight, (_, index) => {
    let [rest, from] = [index, 0];
    for (const dimension of [...order].reverse()) {
      const side = sides[dimension] ?? 1;
      from += (rest % side) * sides.slice(dimension + 1).reduce((product, side) => product * side, 1);
      rest = Math.floor(rest / side);
    }
    return weight[from] ?? 0;
  });
}
