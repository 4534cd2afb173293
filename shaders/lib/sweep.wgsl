// One sweep through a set of images, a batch at a time. Layout: src/kernels/sweep.ts.

// Constant during the sweep.
struct Sweep {
  count: u32,       // images in the sweep
  batch: u32,       // images per step; the last step may have fewer
  rowQuads: u32,    // batch / 4, rounded up
  imageWords: u32,  // 32-bit words per image
  pixels: u32,      // pixels per image
  seed: u32,
  noiseStream: u32, // the stream (src/math/streams.ts) that the noise is drawn from
  epoch: u32,       // for the noise; the shuffle has its own
}

// The position in the sweep. A step first reads `next`, then `current`, and never reads in a dispatch what that dispatch
// writes: the first kernel of a step sets current = next, the last one sets next = current + 1.
struct Cursor {
  next: u32,
  current: u32,
  trouble: atomic<u32>, // the first step with a number that is not finite, or noTrouble
}

// Images in the step: `batch`, or the rest of the sweep.
fn rowsInStep(sweep: Sweep, step: u32) -> u32 {
  return min(sweep.batch, sweep.count - min(sweep.count, step * sweep.batch));
}
