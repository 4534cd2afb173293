import { type ImageSet, readImageSet, selectImages } from "../src/data/image-set.ts";
import { normal4 } from "../src/math/normal.ts";
import { philox } from "../src/math/philox.ts";
import { initialWeights } from "../src/network/initial-weights.ts";
import { endsOf, type LayerWeights } from "../src/spec/network.ts";
import { batchCount, networkOf, type Shape } from "./shapes.ts";

/** The input of every system: the same images, the same noise, the same initial weights. */
export interface Problem {
  readonly shape: Shape;
  /** [batches * batch, 28, 28], all different. */
  readonly clean: ImageSet;
  /** The clean images with Gaussian noise of factor 0.5, clipped, rounded to bytes. */
  readonly noisy: ImageSet;
  /** Dense layers. */
  readonly layers: readonly (ReturnType<typeof endsOf> & LayerWeights)[];
}

/** A batch as numbers in [0, 1]; each [batch, 784]. */
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
  const all = await readImageSet(digits, "the digits");
  const count = batches * shape.batch;
  // The digits are sorted by label. This stride, coprime with their number, mixes them.
  const clean = selectImages(
    all,
    Array.from({ length: count }, (_, i) => (i * 3_331) % all.count),
  );
  const weights = initialWeights(networkOf(shape), 0);
  const layers = networkOf(shape).layers.map((layer, index) => ({
    ...endsOf([layer]),
    ...(weights[index] ?? { weight: new Float32Array(), bias: new Float32Array() }),
  }));
  return { shape, clean, noisy: underNoise(clean), layers };
}

function underNoise(clean: ImageSet): ImageSet {
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
  const numbers = (set: ImageSet, batch: number) =>
    Float32Array.from(set.pixels.subarray(batch * size, (batch + 1) * size), (byte) => byte / 255);
  return Array.from({ length: clean.count / shape.batch }, (_, batch) => ({
    noisy: numbers(noisy, batch),
    clean: numbers(clean, batch),
  }));
}

/** Converts a weight matrix [outputs, inputs] to the layout of most libraries: [inputs, outputs]. */
export function transposed({
  weight,
  inputs,
  outputs,
}: Problem["layers"][number]): Float32Array<ArrayBuffer> {
  return Float32Array.from(weight, (_, i) => weight[(i % outputs) * inputs + Math.floor(i / outputs)] ?? 0);
}
