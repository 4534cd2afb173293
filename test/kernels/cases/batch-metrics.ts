import { batchMetrics as kernel, sweepUniform } from "../../../src/kernels/sweep.ts";
import { quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { batchMetrics } from "../../../src/reference/batch-metrics.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, overlaid, sumTolerance, untouched } from "./layer-fixture.ts";
import { cursor, exactly } from "./sweep-fixture.ts";

export function batchMetricsCases(): KernelCase[] {
  return [
    batchMetricsCase(1, 1, 1, 1),
    batchMetricsCase(4, 4, 784, 3),
    batchMetricsCase(7, 2, 35, 2),
    batchMetricsCase(128, 128, 784, 1),
    batchMetricsCase(130, 77, 9, 4),
  ];
}

function batchMetricsCase(batch: number, samples: number, pixels: number, step: number): KernelCase {
  const made = madePartials(`batch_metrics ${batch} ${pixels}`, batch, pixels);
  const count = step * batch + samples;
  const before = filled(2 * count, untouched);
  const metrics = overlaid(before, made.metrics.subarray(0, 2 * samples), 2 * step * batch);
  const sweep = { count, batch, pixels, seed: 0, noiseStream: streams.validationNoise, epoch: 0 };
  return kernelCase({
    name: `batch_metrics ${samples} of ${batch}, ${pixels} pixels, step ${step}`,
    kernel,
    buffers: {
      sweep: sweepUniform(sweep),
      partials: made.partials,
      cursor: cursor(step, step),
      metrics: before,
    },
    invocations: quads(batch),
    expected: {
      metrics: { values: metrics, atol: 0, rtol: made.rtol },
      cursor: exactly(cursor(step + 1, step)),
    },
  });
}

/** The `partials` of a batch, and the (loss, squared error) of each row. */
export function madePartials(name: string, batch: number, pixels: number) {
  const rows = 4 * quads(batch);
  const columns = quads(pixels);
  const numbers = new MadeNumbers(name);
  const losses = numbers.floats(columns * rows, 0, 4);
  const errors = numbers.floats(columns * rows, 0, 4);
  const partials = new Float32Array(2 * columns * rows);
  for (let quad = 0; quad < (columns * rows) / 4; quad++) {
    partials.set(losses.subarray(4 * quad, 4 * quad + 4), 8 * quad);
    partials.set(errors.subarray(4 * quad, 4 * quad + 4), 8 * quad + 4);
  }
  const lossMeans = batchMetrics(losses, rows, pixels);
  const errorMeans = batchMetrics(errors, rows, pixels);
  const metrics = new Float64Array(2 * rows);
  lossMeans.forEach((loss, row) => {
    metrics.set([loss, errorMeans[row] ?? Number.NaN], 2 * row);
  });
  // All summands are positive, so every addition has an error of at most 2^-24 of the total.
  return { partials, metrics, rtol: sumTolerance(columns + 4) };
}
