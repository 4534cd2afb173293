// What the classical filters share: planes of one shape, one behind the other, each mirrored at its edges with the end values
// repeated, b a | a b c | c b. A plane is one channel of a picture.
//
//   planes    uniform     Planes
//   noisy     read        [planes, rows, columns]
//   denoised  read_write  [planes, rows, columns]
//
// Twin: src/filters/mirror.ts

struct Planes {
  rows: u32,
  columns: u32,
  // What a dispatch filters, of the rows of all planes: from `first` up to, not including, `end`.
  first: u32,
  end: u32,
  // How many pixels the window reaches from its middle.
  radius: u32,
  // What the exponent of a weight has by its square; below zero.
  falloff: f32,
  // What else a filter is set to, as its header says.
  setting: f32,
  padding: u32,
}

@group(0) @binding(0) var<uniform> planes: Planes;
@group(0) @binding(1) var<storage, read> noisy: array<f32>;
@group(0) @binding(2) var<storage, read_write> denoised: array<f32>;

fn mirror(index: i32, length: u32) -> u32 {
  let period = 2 * i32(length);
  let inPeriod = ((index % period) + period) % period;
  return u32(select(period - 1 - inPeriod, inPeriod, inPeriod < i32(length)));
}

// A value of the plane whose first row this is, at any row and column.
fn noisyAt(firstRow: u32, row: i32, column: i32) -> f32 {
  var at = vec2u(vec2i(row, column));
  // As unsigned numbers, those below zero are large. Most windows need no mirror, whose divisions cost more than all else.
  if (at.x >= planes.rows || at.y >= planes.columns) {
    at = vec2u(mirror(row, planes.rows), mirror(column, planes.columns));
  }
  return noisy[(firstRow + at.x) * planes.columns + at.y];
}

// The row of an invocation among those of all planes, and of its plane the first.
struct Place {
  inside: bool,
  firstRow: u32,
  row: i32,
  column: i32,
  index: u32,
}

fn placeOf(id: vec3u) -> Place {
  let line = planes.first + id.y;
  let row = line % planes.rows;
  let inside = id.x < planes.columns && line < planes.end;
  return Place(inside, line - row, i32(row), i32(id.x), line * planes.columns + id.x);
}
