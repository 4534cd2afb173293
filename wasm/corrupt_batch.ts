// Gathers a batch of images and adds noise to them: X[b] = the noisy picture of image order[p + b], and its clean twin.
//
//   sweep        Sweep
//   window       Window
//   noise        Noise
//   order        [count] u32            image numbers in visiting order
//   noisy        [images, imageWords]   quads of samples; where nothing was measured, the clean images
//   clean        [images, imageWords]
//   cursor       Cursor
//   activations  [rows, pixels] f32     block 0: X - CENTRE; the strengths, if the network has a noise map
//   cleanBatch   [rows, imageWords]     four bytes a word, or four f32 if the samples have more bits
//
// Where SHIFT is above 0, both pictures are moved by the same whole pixels first. Rows past the end of the sweep become zeros.
// Job: 16 quads of values of 4 rows. Adjacent jobs are done together, so that the random numbers of an image are drawn once.
// Twin: shaders/corrupt_batch.wgsl. Reference: src/reference/corrupt-batch.ts
import { jobColumn, jobColumnEnd, jobRow, takeJobs } from "./lib/jobs";
import { addNoise, blurStage, decodeView, Noise, storeStrength, strengthOf } from "./lib/noise";
import { decodeQuads } from "./lib/pixels";
import { decodeViewed, sampleBytes, setSamples } from "./lib/samples";
import { shiftBy, shiftWords } from "./lib/shift";
import { Cursor, rowsInStep, Sweep } from "./lib/sweep";
import { twinsSwapped } from "./lib/twins";
import { copyView, lookAlongColumns, lookAlongRows } from "./lib/view";
import { placeOf, Window } from "./lib/window";

export function corrupt_batch(
  first: u32,
  end: u32,
  across: u32,
  sweep: Sweep,
  window: Window,
  noise: Noise,
  order: usize,
  noisy: usize,
  clean: usize,
  cursor: Cursor,
  activations: usize,
  cleanBatch: usize,
  SAMPLE_BITS: u32,
  SAMPLE_LOW: f32,
  SAMPLE_SCALE: f32,
  STAGE0: u32,
  STAGE1: u32,
  STAGE2: u32,
  STAGE3: u32,
  CLIP: u32,
  SWAP: u32,
  SHIFT: u32,
  CENTRE: f32,
): void {
  setSamples(SAMPLE_BITS, SAMPLE_LOW, SAMPLE_SCALE);
  const deep = SAMPLE_BITS !== 8;
  const cleanBytes: usize = deep ? 16 : 4;
  const step = cursor.next;
  if (first === 0) cursor.current = step;
  const words = sweep.imageWords;
  const pixels = sweep.pixels;
  const samples = rowsInStep(sweep, step);
  for (let job = first; job < end; ) {
    job = takeJobs(job, end, across);
    const from = min(words, 16 * jobColumn);
    const to = min(words, 16 * jobColumnEnd);
    if (from >= to) continue;
    const rowEnd = min<u32>(4 * jobRow + 4, 4 * sweep.rowQuads);
    for (let row: u32 = 4 * jobRow; row < rowEnd; row++) {
      const x = activations + 16 * <usize>(row * words);
      const bytes = cleanBatch + cleanBytes * <usize>(row * words);
      if (row >= samples) {
        if (from === 0) storeStrength(activations, noise, row, 0);
        memory.fill(x + 16 * <usize>from, 0, 16 * <usize>(to - from));
        memory.fill(bytes + cleanBytes * <usize>from, 0, cleanBytes * <usize>(to - from));
        continue;
      }
      const position = step * sweep.batch + row;
      const image = load<u32>(order + 4 * <usize>position);
      const picture: usize = 4 * sampleBytes() * (placeOf(window, position, image) * words);
      const swapped = twinsSwapped(SWAP, image, sweep);
      const seen: usize = picture + (swapped ? clean : noisy);
      const wanted: usize = picture + (swapped ? noisy : clean);
      if (deep) {
        if (SHIFT > 0) look(noise, shiftWords(image, sweep), SHIFT);
        else look(noise, i32x4.splat(0), 0);
        const last = min(4 * to, pixels);
        v128.store(x + 16 * <usize>(to - 1), i32x4.splat(0));
        v128.store(bytes + 16 * <usize>(to - 1), i32x4.splat(0));
        decodeViewed(x, seen, 4 * from, last, noise.columns, noise.channels);
        decodeViewed(bytes, wanted, 4 * from, last, noise.columns, noise.channels);
      } else if (SHIFT > 0) {
        look(noise, shiftWords(image, sweep), SHIFT);
        const last = min(4 * to, pixels);
        store<u32>(bytes + 4 * <usize>(to - 1), 0);
        copyView(bytes, wanted, 4 * from, last, noise.columns, noise.channels);
        decodeView(x, seen, bytes, wanted, from, to, last, noise);
      } else {
        if (STAGE0 === blurStage) look(noise, i32x4.splat(0), 0);
        decodeQuads(x + 16 * <usize>from, seen + 4 * <usize>from, to - from);
        memory.copy(bytes + 4 * <usize>from, wanted + 4 * <usize>from, 4 * <usize>(to - from));
      }
      const origin = noisy + picture;
      addNoise(STAGE0, STAGE1, STAGE2, STAGE3, CLIP, CENTRE, noise, sweep, image, origin, x, from, to);
      if (from === 0) storeStrength(activations, noise, row, strengthOf(noise));
    }
  }
}

/** Sets the view to the image, shifted by amounts that `words` determine. */
function look(noise: Noise, words: v128, most: u32): void {
  const down = shiftBy(i32x4.extract_lane(words, 0), most);
  const right = shiftBy(i32x4.extract_lane(words, 1), most);
  const lastRow: i32 = noise.rows - 1;
  const lastColumn: i32 = noise.columns - 1;
  const rowLow = min(max(-down, 0), lastRow);
  const rowHigh = min(max(lastRow - down, 0), lastRow);
  lookAlongRows(-down, 1, rowLow, rowHigh, noise.columns * noise.channels);
  const columnLow = min(max(-right, 0), lastColumn);
  const columnHigh = min(max(lastColumn - right, 0), lastColumn);
  lookAlongColumns(-right, 1, columnLow, columnHigh, noise.channels);
}
