// Overlapping windows over a picture: src/math/window-grid.ts explains them. Layout: src/kernels/windows.ts.

// Windows along one direction: the k-th starts at k * stride; the last one ends at the end of the picture.
struct WindowAxis {
  length: u32,
  window: u32,
  stride: u32,
  count: u32,
}

// A range of consecutive windows of the grid.
struct WindowBatch {
  down: WindowAxis,              // in rows
  across: WindowAxis,            // in values of one plane
  planes: u32,                   // interleaved pictures, each with its own windows
  first: u32,                    // the number of the batch's first window
  count: u32,                    // windows in the batch
  top: u32,                      // the first row of the picture in the buffers of picture rows
  rowQuads: u32,                 // rows of `activations` / 4
  @size(12) outputOffset: u32,   // of the network's output in `activations`, in quads
}

// The position of a window.
struct WindowPlace {
  row: u32,
  column: u32, // in values within its plane
  plane: u32,
}

fn startOf(axis: WindowAxis, k: u32) -> u32 { return min(k * axis.stride, axis.length - axis.window); }

// The windows that cover a position: the first and the last, inclusive.
fn windowsAt(axis: WindowAxis, position: u32) -> vec2u {
  let first = select(0u, (position - axis.window) / axis.stride + 1u, position >= axis.window);
  let last = select(position / axis.stride, axis.count - 1u, position >= axis.length - axis.window);
  return vec2u(first, last);
}

// The window with a given number: left to right, then downwards; the planes of a place are consecutive.
fn placeOfWindow(windows: WindowBatch, number: u32) -> WindowPlace {
  let place = number / windows.planes;
  return WindowPlace(
    startOf(windows.down, place / windows.across.count),
    startOf(windows.across, place % windows.across.count),
    number % windows.planes,
  );
}

fn numberOfWindow(windows: WindowBatch, down: u32, across: u32, plane: u32) -> u32 {
  return (down * windows.across.count + across) * windows.planes + plane;
}
