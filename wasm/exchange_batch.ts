// Exchanges X with the images with hidden pixels from blind_spots: these become the input, and the noisy images the targets.
//
//   sweep        Sweep
//   activations  [rows, imageWords]  block 0: X
//   targets      [rows, imageWords]
//
// Job: 16 quads of values of 4 rows.
// Twin: shaders/exchange_batch.wgsl. Reference: src/reference/exchange-batch.ts
import { jobColumn, jobColumnEnd, jobRow, takeJobs } from "./lib/jobs";
import { Sweep } from "./lib/sweep";

export function exchange_batch(
  first: u32,
  end: u32,
  across: u32,
  sweep: Sweep,
  activations: usize,
  targets: usize,
): void {
  const words = sweep.imageWords;
  for (let job = first; job < end; ) {
    job = takeJobs(job, end, across);
    const from = min(words, 16 * jobColumn);
    const to = min(words, 16 * jobColumnEnd);
    const rowEnd = min<u32>(4 * jobRow + 4, 4 * sweep.rowQuads);
    for (let row: u32 = 4 * jobRow; row < rowEnd; row++) {
      for (let quad = from; quad < to; quad++) {
        const place = 16 * <usize>(row * words + quad);
        const x = v128.load(activations + place);
        v128.store(activations + place, v128.load(targets + place));
        v128.store(targets + place, x);
      }
    }
  }
}
