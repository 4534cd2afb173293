// One sweep through a set of images, a batch at a time.
// Twin: shaders/lib/sweep.wgsl.

/** Constant during the sweep. */
// @ts-ignore: decorator
@unmanaged
export class Sweep {
  count: u32;
  batch: u32;
  rowQuads: u32;
  imageWords: u32;
  pixels: u32;
  seed: u32;
  noiseStream: u32;
  epoch: u32;
}

/** The position in the sweep. A launch must not read what it writes: see shaders/lib/sweep.wgsl. */
// @ts-ignore: decorator
@unmanaged
export class Cursor {
  next: u32;
  current: u32;
  trouble: u32;
}

/** Images in the step: `batch`, or the rest of the sweep. */
// @ts-ignore: decorator
@inline
export function rowsInStep(sweep: Sweep, step: u32): u32 {
  return min(sweep.batch, sweep.count - min(sweep.count, step * sweep.batch));
}
