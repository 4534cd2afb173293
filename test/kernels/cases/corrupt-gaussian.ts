import { corruptGaussian as kernel } from "../../../src/kernels/corrupt-gaussian.ts";
import { quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { corruptGaussian } from "../../../src/reference/corrupt-gaussian.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { batchFixture, batchShapes, paddedBatch } from "./gather-batch.ts";
import { cursor, exactly, packedWords } from "./sweep-fixture.ts";

export function corruptGaussianCases(): KernelCase[] {
  return batchShapes.flatMap(([count, pixels, batch, step]) =>
    [0.5, 0, 3].map((factor) => {
      const clean = new MadeNumbers(`corrupt_gaussian ${count} ${pixels}`).bytes(count * pixels);
      const { chosen, expectedClean, ...buffers } = batchFixture(clean, count, pixels, batch, step);
      const key = { seed: 7, stream: streams.trainingNoise, epoch: 11 };
      return kernelCase({
        name: `corrupt_gaussian ${factor}, ${chosen.length} of ${count}, ${pixels} pixels, batch ${batch}`,
        kernel,
        buffers: {
          ...buffers,
          noise: Float32Array.from([factor]),
          images: packedWords(clean, pixels),
          cursor: cursor(step, 77),
        },
        invocations: [quads(pixels), 4 * quads(batch)],
        expected: {
          activations: {
            values: paddedBatch(corruptGaussian(clean, pixels, chosen, factor, key), pixels, batch),
            // WGSL bounds the error of sin and cos by 2^-11, times a radius of at most 5.8; that of log by 2^-21, of which
            // the radius is a square root, at most 2^-10 off.
            atol: factor * (5.8 * 2 ** -11 + 2 ** -10),
            rtol: 2 ** -23,
          },
          cleanBatch: exactly(expectedClean),
          cursor: exactly(cursor(step, step)),
        },
      });
    }),
  );
}
