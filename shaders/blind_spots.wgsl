// Hides the blind spots of a batch, and the pixels of the mask around them: a hidden pixel gets the value of one near the mask
// (Noise2Void, Krull et al. 2019, arXiv:1811.10980). Only the spots count in the loss. exchange_batch then
// exchanges X and `blinded`, so that the noisy images are the targets.
//
//   sweep        uniform     Sweep
//   spots        uniform     BlindSpots
//   order        read        [count] u32         image numbers in visiting order
//   cursor       read_write  Cursor
//   activations  read        [rows, imageWords]  block 0: X
//   blinded      read_write  [rows, imageWords]  X with hidden pixels
//   counted      read_write  [rows, imageWords]  four bytes per word: 1 for the values of a blind spot
//
// Each cell of an image has one spot. Where masks overlap, that of the later cell, row by row, applies. Rows past the end of the
// sweep are copied and do not count.
// Dispatch: one invocation per 4 values of one row: (imageWords, rows).
// Reference: src/reference/blind-spots.ts
#include "lib/sweep.wgsl"
#include "lib/philox.wgsl"

struct BlindSpots {
  rows: u32,
  columns: u32,
  channels: u32,
  maskRows: u32,
  maskColumns: u32,
  cellsDown: u32,
  cellsAcross: u32,
  epoch: u32,      // for the draws
}

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<uniform> spots: BlindSpots;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> cursor: Cursor;
@group(0) @binding(4) var<storage, read> activations: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> blinded: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> counted: array<u32>;

// Separates this draw's counters from those of the noise (noise.wgsl).
const spotDraw = 0x300u;

// A hidden pixel gets the value of one at most so many rows and columns outside the mask (src/spec/blind-spots.ts).
const reach = 2u;

fn wordsOf(cell: u32, image: u32, draw: u32) -> vec4u {
  return philox(vec4u(cell, image, spots.epoch, draw), vec2u(sweep.seed, sweep.noiseStream));
}

// The first row or column of a cell; the last row or column of the one before is just ahead of it.
fn cellStart(cell: u32, cells: u32, side: u32) -> u32 { return cell * side / cells; }

// The cell that a row or column, which may lie outside the image, is in or next to.
fn cellAt(place: i32, cells: u32, side: u32) -> u32 {
  let inside = u32(clamp(place, 0, i32(side) - 1));
  return ((inside + 1u) * cells - 1u) / side;
}

fn spotOf(cell: vec2u, number: u32, image: u32) -> vec2u {
  let words = wordsOf(number, image, spotDraw);
  let first = vec2u(
    cellStart(cell.x, spots.cellsDown, spots.rows),
    cellStart(cell.y, spots.cellsAcross, spots.columns),
  );
  let end = vec2u(
    cellStart(cell.x + 1u, spots.cellsDown, spots.rows),
    cellStart(cell.y + 1u, spots.cellsAcross, spots.columns),
  );
  return first + vec2u(multiplyHigh(words.x, end.x - first.x), multiplyHigh(words.y, end.y - first.y));
}

// A pixel of the border of two pixels around the mask, by number, row by row, relative to the spot.
fn borderPixel(number: u32) -> vec2i {
  let width = spots.maskColumns + 2u * reach;
  let above = reach * width;
  let beside = 2u * reach * spots.maskRows;
  var row = number / width;
  var column = number % width;
  if (number >= above && number < above + beside) {
    row = reach + (number - above) / (2u * reach);
    column = (number - above) % (2u * reach);
    if (column >= reach) { column += spots.maskColumns; }
  } else if (number >= above) {
    let left = number - above - beside;
    row = reach + spots.maskRows + left / width;
    column = left % width;
  }
  return vec2i(i32(row), i32(column)) - vec2i(i32((spots.maskRows - 1u) / 2u + reach), i32((spots.maskColumns - 1u) / 2u + reach));
}

// The pixel whose value a hidden one gets. Outside the image, the opposite one is taken, which the mask does not hide either.
fn otherPixel(spot: vec2u, number: u32, image: u32, hidden: u32) -> vec2u {
  let border = (spots.maskRows + 2u * reach) * (spots.maskColumns + 2u * reach) - spots.maskRows * spots.maskColumns;
  let offset = borderPixel(multiplyHigh(wordsOf(number, image, spotDraw + 1u + hidden).x, border));
  let place = vec2i(spot) + offset;
  let outside = (place < vec2i(0)) | (place >= vec2i(i32(spots.rows), i32(spots.columns)));
  return vec2u(select(place, vec2i(spot) - offset, outside));
}

// The pixel that a pixel's value is taken from, itself if it is not hidden, and whether it is a spot.
fn sourceOf(pixel: vec2u, image: u32) -> vec3u {
  let halfRows = i32((spots.maskRows - 1u) / 2u);
  let halfColumns = i32((spots.maskColumns - 1u) / 2u);
  let at = vec2i(pixel);
  let firstRow = cellAt(at.x - halfRows, spots.cellsDown, spots.rows);
  let lastRow = cellAt(at.x + halfRows, spots.cellsDown, spots.rows);
  let firstColumn = cellAt(at.y - halfColumns, spots.cellsAcross, spots.columns);
  let lastColumn = cellAt(at.y + halfColumns, spots.cellsAcross, spots.columns);
  var source = vec3u(pixel, 0u);
  for (var row = firstRow; row <= lastRow; row++) {
    for (var column = firstColumn; column <= lastColumn; column++) {
      let number = row * spots.cellsAcross + column;
      let spot = spotOf(vec2u(row, column), number, image);
      let inMask = at - vec2i(spot) + vec2i(halfRows, halfColumns);
      if (any(inMask < vec2i(0)) || inMask.x > 2 * halfRows || inMask.y > 2 * halfColumns) { continue; }
      let hidden = u32(inMask.x) * spots.maskColumns + u32(inMask.y);
      let isSpot = select(source.z, 1u, all(pixel == spot));
      source = vec3u(otherPixel(spot, number, image, hidden), isSpot);
    }
  }
  return source;
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let quad = id.x;
  let row = id.y;
  if (quad >= sweep.imageWords || row >= 4u * sweep.rowQuads) { return; }
  let place = row * sweep.imageWords + quad;
  let step = cursor.current;
  var x = activations[place];
  var counts = 0u;
  if (row < rowsInStep(sweep, step)) {
    let image = order[step * sweep.batch + row];
    for (var i = 0u; i < 4u; i++) {
      let value = 4u * quad + i;
      if (value >= sweep.pixels) { break; }
      let pixel = value / spots.channels;
      let source = sourceOf(vec2u(pixel / spots.columns, pixel % spots.columns), image);
      let taken = (source.x * spots.columns + source.y) * spots.channels + value % spots.channels;
      x[i] = activations[row * sweep.imageWords + taken / 4u][taken % 4u];
      counts |= source.z << (8u * i);
    }
  }
  blinded[place] = x;
  counted[place] = counts;
}
