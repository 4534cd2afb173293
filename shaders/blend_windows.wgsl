// Adds a batch of denoised windows to the output picture: sums += weight * Y, in window order.
//
//   windows      uniform     WindowBatch
//   weights      read        [down.window + across.window]   for a window's rows, then for its columns
//   activations  read        [rows, window]                  at outputOffset: Y
//   sums         read_write  [rows from `top` on, across.length, planes]
//
// Each invocation owns one value of the picture and adds the windows that cover it in the order of their numbers. No
// atomics are needed, and the split into batches does not change the bits of the sums.
// Dispatch: one invocation per value, from the first row that the batch touches to the last, folded into two dimensions.
// Reference: src/reference/blend-windows.ts
#include "lib/rows.wgsl"
#include "lib/window_grid.wgsl"

@group(0) @binding(0) var<uniform> windows: WindowBatch;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> activations: array<f32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.y * groups.x * 64u + id.x;
  // The batch's rows of windows.
  let perRow = windows.across.count * windows.planes;
  let firstDown = windows.first / perRow;
  let lastDown = (windows.first + windows.count - 1u) / perRow;

  let width = windows.across.length * windows.planes;
  let row = startOf(windows.down, firstDown) + index / width;
  if (row >= startOf(windows.down, lastDown) + windows.down.window) { return; }
  let plane = index % windows.planes;
  let column = (index % width) / windows.planes;

  let size = 4u * quads(windows.down.window * windows.across.window);
  let down = clamp(windowsAt(windows.down, row), vec2u(firstDown), vec2u(lastDown));
  let across = windowsAt(windows.across, column);
  let place = (row - windows.top) * width + index % width;
  var sum = sums[place];
  for (var k = down.x; k <= down.y; k++) {
    let windowRow = row - startOf(windows.down, k);
    for (var j = across.x; j <= across.y; j++) {
      // Below `first` this wraps around and is outside the batch as well.
      let slot = numberOfWindow(windows, k, j, plane) - windows.first;
      if (slot >= windows.count) { continue; }
      let windowColumn = column - startOf(windows.across, j);
      let weight = weights[windowRow] * weights[windows.down.window + windowColumn];
      let value = windowRow * windows.across.window + windowColumn;
      sum += weight * activations[4u * windows.outputOffset + slot * size + value];
    }
  }
  sums[place] = sum;
}
