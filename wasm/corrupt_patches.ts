// Cuts a batch of patches out of pictures and adds noise to them: X[b] = the noisy patch order[p + b], and its clean twin.
//
//   sweep        Sweep
//   noise        Noise
//   order        [count] u32             patch numbers in visiting order
//   places       [count] Place           from place_patches
//   pictures     [pictures] Picture
//   noisy        all pictures' samples; where nothing was measured, the clean pictures
//   clean        the same
//   cursor       Cursor
//   activations  [rows, values] f32      block 0: X - CENTRE; the strengths, if the network has a noise map
//   cleanBatch   [rows, imageWords]      four bytes a word, or four f32 if the samples have more bits
//
// Rows past the end of the sweep become zeros. A blur reads the pixels around the patch.
// Job: 16 quads of values of 4 rows. Adjacent jobs are done together, so that the random numbers of a patch are drawn once.
// Twin: shaders/corrupt_patches.wgsl. Reference: src/reference/corrupt-patches.ts
import { jobColumn, jobColumnEnd, jobRow, takeJobs } from "./lib/jobs";
import { addNoise, decodeView, Noise, storeStrength, strengthOf } from "./lib/noise";
import { Picture, pictureAt, Place, placeAt } from "./lib/patch";
import { decodeViewed, sampleBytes, setSamples } from "./lib/samples";
import { Cursor, rowsInStep, Sweep } from "./lib/sweep";
import { twinsSwapped } from "./lib/twins";
import { copyView, lookAlongColumns, lookAlongRows } from "./lib/view";

export function corrupt_patches(
  first: u32,
  end: u32,
  across: u32,
  sweep: Sweep,
  noise: Noise,
  order: usize,
  places: usize,
  pictures: usize,
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
  CENTRE: f32,
): void {
  setSamples(SAMPLE_BITS, SAMPLE_LOW, SAMPLE_SCALE);
  const deep = SAMPLE_BITS !== 8;
  const cleanBytes: usize = deep ? 16 : 4;
  const step = cursor.next;
  if (first === 0) cursor.current = step;
  const words = sweep.imageWords;
  const samples = rowsInStep(sweep, step);
  for (let job = first; job < end; ) {
    job = takeJobs(job, end, across);
    const from = min(words, 16 * jobColumn);
    const to = min(words, 16 * jobColumnEnd);
    if (from >= to) continue;
    const last = min(4 * to, sweep.pixels);
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
      const patch = load<u32>(order + 4 * <usize>(step * sweep.batch + row));
      const place = placeAt(places, patch);
      const picture = pictureAt(pictures, place.picture);
      look(place, picture, noise.channels);
      const swapped = twinsSwapped(SWAP, patch, sweep);
      const start = sampleBytes() * <usize>picture.firstValue;
      const seen = (swapped ? clean : noisy) + start;
      const wanted = (swapped ? noisy : clean) + start;
      if (deep) {
        v128.store(x + 16 * <usize>(to - 1), i32x4.splat(0));
        v128.store(bytes + 16 * <usize>(to - 1), i32x4.splat(0));
        decodeViewed(x, seen, 4 * from, last, noise.columns, noise.channels);
        decodeViewed(bytes, wanted, 4 * from, last, noise.columns, noise.channels);
      } else {
        store<u32>(bytes + 4 * <usize>(to - 1), 0);
        copyView(bytes, wanted, 4 * from, last, noise.columns, noise.channels);
        decodeView(x, seen, bytes, wanted, from, to, last, noise);
      }
      const origin = noisy + start;
      addNoise(STAGE0, STAGE1, STAGE2, STAGE3, CLIP, CENTRE, noise, sweep, patch, origin, x, from, to);
      if (from === 0) storeStrength(activations, noise, row, strengthOf(noise));
    }
  }
}

/**
 * Sets the view to the patch, with its picture around it. One of its two steps is along the picture's rows, the other along its columns.
 */
function look(place: Place, picture: Picture, channels: u32): void {
  const width: i32 = picture.columns * channels;
  const first = place.first - <i32>picture.firstValue;
  const row = first / width;
  const column = (first % width) / <i32>channels;
  const down = place.down < 0 ? -1 : 1;
  const right = place.right < 0 ? -1 : 1;
  const lastRow: i32 = picture.rows - 1;
  const lastColumn: i32 = picture.columns - 1;
  if (abs(place.down) === width) {
    lookAlongRows(row, down, 0, lastRow, width);
    lookAlongColumns(column, right, 0, lastColumn, channels);
  } else {
    lookAlongRows(column, down, 0, lastColumn, channels);
    lookAlongColumns(row, right, 0, lastRow, width);
  }
}
