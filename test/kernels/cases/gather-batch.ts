import { gatherBatch as kernel } from "../../../src/kernels/gather-batch.ts";
import { sweepUniform, windowUniform } from "../../../src/kernels/uniforms.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { gatherBatch } from "../../../src/reference/gather-batch.ts";
import { shuffleOrder } from "../../../src/reference/shuffle-order.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, untouched } from "./layer-fixture.ts";
import { cursor, exactly, packedWords } from "./sweep-fixture.ts";

/** Images, pixels, batch, step; the last step of a sweep is short. */
export const batchShapes = [
  [1, 1, 1, 0],
  [3, 5, 1, 2],
  [9, 35, 4, 1],
  [9, 35, 4, 2],
  [30, 784, 8, 3],
  [11, 36, 11, 0],
  [10, 783, 7, 1],
] as const;

export function gatherBatchCases(): KernelCase[] {
  return batchShapes.map(([count, pixels, batch, step]) => {
    const numbers = new MadeNumbers(`gather_batch ${count} ${pixels}`);
    const clean = numbers.bytes(count * pixels);
    const noisy = numbers.bytes(count * pixels);
    const { chosen, order, expectedClean, ...buffers } = batchFixture(clean, count, pixels, batch, step);
    return kernelCase({
      name: `gather_batch ${chosen.length} of ${count}, ${pixels} pixels, batch ${batch}`,
      kernel,
      buffers: {
        ...buffers,
        order,
        noisy: packedWords(noisy, pixels),
        clean: packedWords(clean, pixels),
        cursor: cursor(step, 77),
      },
      invocations: [quads(pixels), 4 * quads(batch)],
      expected: {
        activations: {
          values: paddedBatch(gatherBatch(noisy, pixels, chosen), pixels, batch),
          atol: 0,
          rtol: 2 ** -23,
        },
        cleanBatch: exactly(expectedClean),
        cursor: exactly(cursor(step, step)),
      },
    });
  });
}

/** The buffers that gathering kernels share, the images that the step must choose, and the clean words of its batch. */
export function batchFixture(clean: Uint8Array, count: number, pixels: number, batch: number, step: number) {
  const order = shuffleOrder(count, 5, 0);
  const chosen = order.subarray(step * batch, (step + 1) * batch);
  const rows = 4 * quads(batch);
  const expectedClean = new Uint32Array(rows * quads(pixels));
  chosen.forEach((image, row) => {
    const words = packedWords(clean.subarray(image * pixels, (image + 1) * pixels), pixels);
    expectedClean.set(words, row * quads(pixels));
  });
  const sweep = { count, batch, pixels, seed: 7, noiseStream: streams.trainingNoise, epoch: 11 };
  return {
    chosen,
    expectedClean,
    order,
    sweep: sweepUniform(sweep),
    window: windowUniform(false, 0),
    activations: filled(rows * 4 * quads(pixels), untouched),
    cleanBatch: new Uint32Array(rows * quads(pixels)).fill(0xabcdef),
  };
}

/** A batch as it lies in activations; rows without an image are zeros. */
export function paddedBatch(values: Float64Array, pixels: number, batch: number): Float32Array<ArrayBuffer> {
  const all = new Float32Array(4 * quads(batch) * pixels);
  all.set(values);
  return padRows(all, 4 * quads(batch), pixels);
}
