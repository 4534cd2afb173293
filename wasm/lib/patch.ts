// Patches of pictures. The pictures are contiguous, [rows, columns, channels] each, one byte per value.
// Twin: shaders/lib/patch.wgsl.

// @ts-ignore: decorator
@unmanaged
export class Picture {
  // Positions of a patch in the pictures before it
  firstPlace: u32;
  // Values in the pictures before it
  firstValue: u32;
  rows: u32;
  columns: u32;
}

/** The picture with this number. */
// @ts-ignore: decorator
@inline
export function pictureAt(pictures: usize, index: u32): Picture {
  return changetype<Picture>(pictures + offsetof<Picture>() * <usize>index);
}

/**
 * The position of a patch: its value (row, column, channel) is value first + row down + column right + channel of all
 * pictures.
 */
// @ts-ignore: decorator
@unmanaged
export class Place {
  first: i32;
  down: i32;
  right: i32;
  picture: u32;
}

/** The place of the patch with this number. */
// @ts-ignore: decorator
@inline
export function placeAt(places: usize, patch: u32): Place {
  return changetype<Place>(places + offsetof<Place>() * <usize>patch);
}
