// Overlapping windows over a picture.
// Twin: shaders/lib/window_grid.wgsl.

/** Windows along one direction: the k-th starts at k * stride; the last one ends at the end of the picture. */
// @ts-ignore: decorator
@unmanaged
export class WindowAxis {
  length: u32;
  window: u32;
  stride: u32;
  count: u32;
}

/** A range of consecutive windows of the grid. `down` and `across` are a WindowAxis each: see downOf, acrossOf. */
// @ts-ignore: decorator
@unmanaged
export class WindowBatch {
  down: v128;
  across: v128;
  planes: u32;
  first: u32;
  count: u32;
  top: u32;
  rowQuads: u32;
  outputOffset: u32;
}

// @ts-ignore: decorator
@inline
export function downOf(windows: WindowBatch): WindowAxis {
  return changetype<WindowAxis>(changetype<usize>(windows) + offsetof<WindowBatch>("down"));
}

// @ts-ignore: decorator
@inline
export function acrossOf(windows: WindowBatch): WindowAxis {
  return changetype<WindowAxis>(changetype<usize>(windows) + offsetof<WindowBatch>("across"));
}

// @ts-ignore: decorator
@inline
export function startOf(axis: WindowAxis, k: u32): u32 {
  return min(k * axis.stride, axis.length - axis.window);
}

/** The first of the windows that cover a position. */
// @ts-ignore: decorator
@inline
export function firstWindowAt(axis: WindowAxis, position: u32): u32 {
  return position >= axis.window ? (position - axis.window) / axis.stride + 1 : 0;
}

/** The last of them. */
// @ts-ignore: decorator
@inline
export function lastWindowAt(axis: WindowAxis, position: u32): u32 {
  return position >= axis.length - axis.window ? axis.count - 1 : position / axis.stride;
}
