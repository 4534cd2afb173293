// Code shared by the classical filters. Planes have the same shape and are contiguous. Each is mirrored at its edges with
// the end values repeated, b a | a b c | c b. A plane is one channel of a picture.
//
//   planes    uniform     Planes
//   noisy     read        [planes, rows, columns]
//   denoised  read_write  [planes, rows, columns]
//
// Reference: src/filters/mirror.ts

struct Planes {
  rows: u32,
  columns: u32,
  // The range of rows (of all planes) that a dispatch filters: from `first` up to, not including, `end`.
  first: u32,
  end: u32,
  // The window's radius in pixels.
  radius: u32,
  // The coefficient of the squared difference in the exponent of a weight; negative.
  falloff: f32,
  // A further parameter; each filter's header defines it.
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

// A value, at any row and column, of the plane whose first row is `firstRow`.
fn noisyAt(firstRow: u32, row: i32, column: i32) -> f32 {
  var at = vec2u(vec2i(row, column));
  // As unsigned numbers, negative values are large. Most windows need no mirroring, whose divisions are the most expensive
  // part.
  if (at.x >= planes.rows || at.y >= planes.columns) {
    at = vec2u(mirror(row, planes.rows), mirror(column, planes.columns));
  }
  return noisy[(firstRow + at.x) * planes.columns + at.y];
}

// The position of an invocation: its row and column, and the first row of its plane among the rows of all planes.
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
