// Hides the blind spots of a batch, and the pixels of the mask around them: a hidden pixel gets the value of one near the mask
// (Noise2Void, Krull et al. 2019, arXiv:1811.10980). Only the spots count in the loss. exchange_batch then
// exchanges X and `blinded`, so that the noisy images are the targets.
//
//   sweep        Sweep
//   spots        BlindSpots
//   order        [count] u32         image numbers in visiting order
//   cursor       Cursor
//   activations  [rows, imageWords]  block 0: X
//   blinded      [rows, imageWords]  X with hidden pixels
//   counted      [rows, imageWords]  four bytes per word: 1 for the values of a blind spot
//
// Each cell of an image has one spot. Where masks overlap, that of the later cell, row by row, applies. Rows past the end of the
// sweep are copied and do not count.
// Job: 16 quads of values of 4 rows.
// Twin: shaders/blind_spots.wgsl. Reference: src/reference/blind-spots.ts
import { jobColumn, jobColumnEnd, jobRow, takeJobs } from "./lib/jobs";
import { multiplyHigh, philox } from "./lib/philox";
import { Cursor, rowsInStep, Sweep } from "./lib/sweep";

// @ts-ignore: decorator
@unmanaged
class BlindSpots {
  rows: u32;
  columns: u32;
  channels: u32;
  maskRows: u32;
  maskColumns: u32;
  cellsDown: u32;
  cellsAcross: u32;
  // For the draws
  epoch: u32;
}

/** Separates this draw's counters from those of the noise (lib/noise.ts). */
const spotDraw: u32 = 0x300;

/** A hidden pixel gets the value of one at most so many rows and columns outside the mask (src/spec/blind-spots.ts). */
const reach: u32 = 2;

// The results of findSpot, which keeps those of the last cell, and of findOther and findSource. Globals are per thread.
let spotCell: u32 = 0xffffffff;
let spotImage: u32 = 0;
let spotRow: i32 = 0;
let spotColumn: i32 = 0;
let otherRow: i32 = 0;
let otherColumn: i32 = 0;
let sourceRow: i32 = 0;
let sourceColumn: i32 = 0;

export function blind_spots(
  first: u32,
  end: u32,
  across: u32,
  sweep: Sweep,
  spots: BlindSpots,
  order: usize,
  cursor: Cursor,
  activations: usize,
  blinded: usize,
  counted: usize,
): void {
  const words = sweep.imageWords;
  const step = cursor.current;
  const samples = rowsInStep(sweep, step);
  // Of another launch, with another key.
  spotCell = 0xffffffff;
  for (let job = first; job < end; ) {
    job = takeJobs(job, end, across);
    const from = min(words, 16 * jobColumn);
    const to = min(words, 16 * jobColumnEnd);
    if (from >= to) continue;
    const last = min(4 * to, sweep.pixels);
    const rowEnd = min<u32>(4 * jobRow + 4, 4 * sweep.rowQuads);
    for (let row: u32 = 4 * jobRow; row < rowEnd; row++) {
      const x = activations + 16 * <usize>(row * words);
      const hidden = blinded + 16 * <usize>(row * words);
      const counts = counted + 4 * <usize>(row * words);
      memory.copy(hidden + 16 * <usize>from, x + 16 * <usize>from, 16 * <usize>(to - from));
      memory.fill(counts + 4 * <usize>from, 0, 4 * <usize>(to - from));
      if (row >= samples) continue;
      const image = load<u32>(order + 4 * <usize>(step * sweep.batch + row));
      const firstPixel = (4 * from) / spots.channels;
      const lastPixel = (last - 1) / spots.channels;
      for (let pixel = firstPixel; pixel <= lastPixel; pixel++) {
        const isSpot = findSource(sweep, spots, image, pixel / spots.columns, pixel % spots.columns);
        if (sourceRow < 0) continue;
        const source = (<u32>sourceRow * spots.columns + <u32>sourceColumn) * spots.channels;
        for (let channel: u32 = 0; channel < spots.channels; channel++) {
          const value = pixel * spots.channels + channel;
          if (value < 4 * from || value >= last) continue;
          store<f32>(hidden + 4 * <usize>value, load<f32>(x + 4 * <usize>(source + channel)));
          if (isSpot) store<u8>(counts + value, 1);
        }
      }
    }
  }
}

/** Sets the pixel that a hidden pixel's value is taken from; a row of -1 if the pixel is not hidden. Returns whether it is a spot. */
function findSource(sweep: Sweep, spots: BlindSpots, image: u32, row: i32, column: i32): bool {
  const halfRows: i32 = (spots.maskRows - 1) / 2;
  const halfColumns: i32 = (spots.maskColumns - 1) / 2;
  const firstDown = cellAt(row - halfRows, spots.cellsDown, spots.rows);
  const lastDown = cellAt(row + halfRows, spots.cellsDown, spots.rows);
  const firstAcross = cellAt(column - halfColumns, spots.cellsAcross, spots.columns);
  const lastAcross = cellAt(column + halfColumns, spots.cellsAcross, spots.columns);
  let isSpot = false;
  sourceRow = -1;
  for (let down = firstDown; down <= lastDown; down++) {
    for (let across = firstAcross; across <= lastAcross; across++) {
      const cell = down * spots.cellsAcross + across;
      findSpot(sweep, spots, cell, down, across, image);
      const inRow = row - spotRow + halfRows;
      const inColumn = column - spotColumn + halfColumns;
      if (inRow < 0 || inRow > 2 * halfRows || inColumn < 0 || inColumn > 2 * halfColumns) continue;
      findOther(sweep, spots, cell, image, <u32>inRow * spots.maskColumns + <u32>inColumn);
      sourceRow = otherRow;
      sourceColumn = otherColumn;
      if (row == spotRow && column == spotColumn) isSpot = true;
    }
  }
  return isSpot;
}

/** The cell that a row or column, which may lie outside the image, is in or next to. */
// @ts-ignore: decorator
@inline
function cellAt(place: i32, cells: u32, side: u32): u32 {
  const inside: u32 = max(0, min(place, <i32>side - 1));
  return ((inside + 1) * cells - 1) / side;
}

function findSpot(sweep: Sweep, spots: BlindSpots, cell: u32, down: u32, across: u32, image: u32): void {
  if (cell == spotCell && image == spotImage) return;
  const words = philox(cell, image, spots.epoch, spotDraw, sweep.seed, sweep.noiseStream);
  const top = (down * spots.rows) / spots.cellsDown;
  const left = (across * spots.columns) / spots.cellsAcross;
  const height = ((down + 1) * spots.rows) / spots.cellsDown - top;
  const width = ((across + 1) * spots.columns) / spots.cellsAcross - left;
  spotRow = top + multiplyHigh(i32x4.extract_lane(words, 0), height);
  spotColumn = left + multiplyHigh(i32x4.extract_lane(words, 1), width);
  spotCell = cell;
  spotImage = image;
}

/**
 * Sets the pixel whose value a hidden one gets: one of the border of two pixels around the mask. Outside the image, the opposite one
 * is taken, which the mask does not hide either.
 */
function findOther(sweep: Sweep, spots: BlindSpots, cell: u32, image: u32, hidden: u32): void {
  const height = spots.maskRows + 2 * reach;
  const width = spots.maskColumns + 2 * reach;
  const words = philox(cell, image, spots.epoch, spotDraw + 1 + hidden, sweep.seed, sweep.noiseStream);
  const number = multiplyHigh(i32x4.extract_lane(words, 0), height * width - spots.maskRows * spots.maskColumns);
  // The pixels of the border, row by row.
  const above = reach * width;
  const beside = 2 * reach * spots.maskRows;
  let row = number / width;
  let column = number % width;
  if (number >= above + beside) {
    row = reach + spots.maskRows + (number - above - beside) / width;
    column = (number - above - beside) % width;
  } else if (number >= above) {
    row = reach + (number - above) / (2 * reach);
    column = (number - above) % (2 * reach);
    if (column >= reach) column += spots.maskColumns;
  }
  otherRow = beyond(spotRow, <i32>row - <i32>((height - 1) / 2), spots.rows);
  otherColumn = beyond(spotColumn, <i32>column - <i32>((width - 1) / 2), spots.columns);
}

/** A row or column at an offset, or at the opposite one if that is outside the image. */
// @ts-ignore: decorator
@inline
function beyond(place: i32, offset: i32, side: u32): i32 {
  const moved = place + offset;
  return moved < 0 || moved >= <i32>side ? place - offset : moved;
}
