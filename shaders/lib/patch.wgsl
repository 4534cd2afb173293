// Patches of pictures. The pictures are contiguous, [rows, columns, channels] each; samples.wgsl reads them.
// Layout: src/math/patch-table.ts. Reference: src/reference/place-patches.ts.

struct Picture {
  firstPlace: u32, // positions of a patch in the pictures before it
  firstValue: u32, // values in the pictures before it
  rows: u32,
  columns: u32,
}

// The position of a patch: its value (row, column, channel) is value first + row down + column right + channel of all
// pictures. Turns and flips only change the steps.
struct Place {
  first: i32,
  down: i32,
  right: i32,
  picture: u32,
}

fn patchValue(place: Place, row: i32, column: i32, channel: u32) -> u32 {
  return u32(place.first + row * place.down + column * place.right + i32(channel));
}
