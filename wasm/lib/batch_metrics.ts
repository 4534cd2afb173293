// Sums the partial sums of dense_loss for 4 rows, in a fixed order, and stores (loss, mean squared error) of each image at
// its place in the sweep.
// Twin: shaders/lib/batch_metrics.wgsl.
import { Cursor, rowsInStep, Sweep } from "./sweep";

export function storeMetrics(rowQuad: u32, sweep: Sweep, cursor: Cursor, partials: usize, metrics: usize): void {
  let losses = f32x4.splat(0);
  let errors = f32x4.splat(0);
  let partial = partials + 32 * <usize>rowQuad;
  const stride: usize = 32 * sweep.rowQuads;
  for (let column: u32 = 0; column < sweep.imageWords; column++) {
    losses = f32x4.add(losses, v128.load(partial));
    errors = f32x4.add(errors, v128.load(partial, 16));
    partial += stride;
  }
  const pixels = f32x4.splat(<f32>sweep.pixels);
  losses = f32x4.div(losses, pixels);
  errors = f32x4.div(errors, pixels);
  const step = cursor.current;
  const samples = rowsInStep(sweep, step);
  const row: u32 = 4 * rowQuad;
  const place = metrics + 8 * <usize>(step * sweep.batch + row);
  // (loss, error) of two rows per vector.
  const low = v128.shuffle<i32>(losses, errors, 0, 4, 1, 5);
  const high = v128.shuffle<i32>(losses, errors, 2, 6, 3, 7);
  if (row < samples) v128.store64_lane(place, low, 0);
  if (row + 1 < samples) v128.store64_lane(place, low, 1, 8);
  if (row + 2 < samples) v128.store64_lane(place, high, 0, 16);
  if (row + 3 < samples) v128.store64_lane(place, high, 1, 24);
}
