// Patches of pictures, which lie one behind the other, [rows, columns, channels] each, a byte a value.
// Twin: shaders/lib/patch.wgsl.

// @ts-ignore: decorator
@unmanaged
export class Picture {
  // Places where a patch can lie, in the pictures before it
  firstPlace: u32;
  // Values in the pictures before it
  firstValue: u32;
  rows: u32;
  columns: u32;
}

/** The picture of this number. */
// @ts-ignore: decorator
@inline
export function pictureAt(pictures: usize, index: u32): Picture {
  return changetype<Picture>(pictures + offsetof<Picture>() * <usize>index);
}

/** Where a patch is: its value (row, column, channel) is value first + row down + column right + channel of all pictures. */
// @ts-ignore: decorator
@unmanaged
export class Place {
  first: i32;
  down: i32;
  right: i32;
  picture: u32;
}

/** The place of the patch of this number. */
// @ts-ignore: decorator
@inline
export function placeAt(places: usize, patch: u32): Place {
  return changetype<Place>(places + offsetof<Place>() * <usize>patch);
}
