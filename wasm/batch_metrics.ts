// Ends a validation step: stores the loss and the mean squared error of each image of the batch and advances the cursor.
// (A training step does the same inside weight_update.)
//
//   sweep     Sweep
//   partials  [imageWords, rowQuads, 2] four f32   from dense_loss
//   cursor    Cursor
//   metrics   [count] two f32                      (loss, mean squared error) in visiting order
//
// Job: 64 rows.
// Twin: shaders/batch_metrics.wgsl. Reference: src/reference/batch-metrics.ts
import { storeMetrics } from "./lib/batch_metrics";
import { Cursor, Sweep } from "./lib/sweep";

export function batch_metrics(
  first: u32,
  end: u32,
  across: u32,
  sweep: Sweep,
  partials: usize,
  cursor: Cursor,
  metrics: usize,
): void {
  const last = min(16 * end, sweep.rowQuads);
  for (let rowQuad = 16 * first; rowQuad < last; rowQuad++) {
    storeMetrics(rowQuad, sweep, cursor, partials, metrics);
  }
  if (first === 0) cursor.next = cursor.current + 1;
}
