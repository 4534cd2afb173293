import { Cursor, rowsInStep, Sweep } from "./sweep";
export function storeMetrics(sweep: Sweep, cursor: Cursor, partials: usize, metrics: usize, rowQuad: u32): void {
  let losses = f32x4.splat(0);
  let errors = losses;
  let partial = partials + 32 * <usize>rowQuad;
  for (let column: u32 = 0; column < sweep.imageWords; column++) {
    losses = f32x4.add(losses, v128.load(partial));
    errors = f32x4.add(errors, v128.load(partial, 16));
    partial += 32 * <usize>sweep.rowQuads;
  }
  const pixels = f32x4.splat(<f32>sweep.pixels);
  losses = f32x4.div(losses, pixels);
  errors = f32x4.div(errors, pixels);
  const step = cursor.current;
  const samples = rowsInStep(sweep, step);
  const first = step * sweep.batch;
  for (let i: u32 = 0; i < 4; i++) {
    const row: u32 = 4 * rowQuad + i;
    if (row >= samples) break;
    const place = metrics + 8 * <usize>(first + row);
    store<f32>(place, i == 0 ? f32x4.extract_lane(losses, 0) : i == 1 ? f32x4.extract_lane(losses, 1) : i == 2 ? f32x4.extract_lane(losses, 2) : f32x4.extract_lane(losses, 3));
    store<f32>(place, i == 0 ? f32x4.extract_lane(errors, 0) : i == 1 ? f32x4.extract_lane(errors, 1) : i == 2 ? f32x4.extract_lane(errors, 2) : f32x4.extract_lane(errors, 3), 4);
  }
}
