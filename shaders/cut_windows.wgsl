// Cuts a batch of windows out of a picture: X[b] = window number first + b.
//
//   windows      uniform     WindowBatch
//   picture      read        [rows from `top` on, across.length, planes]
//   activations  read_write  [rows, window]   block 0: X
//
// Rows past the batch's last window are set to zero.
// Dispatch: one invocation per 4 values of one window: (quads of a window, rows).
// Reference: src/reference/cut-windows.ts
#include "lib/rows.wgsl"
#include "lib/window_grid.wgsl"

@group(0) @binding(0) var<uniform> windows: WindowBatch;
@group(0) @binding(1) var<storage, read> picture: array<f32>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let width = windows.across.window;
  let values = windows.down.window * width;
  if (id.x >= quads(values) || id.y >= 4u * windows.rowQuads) { return; }
  var x = vec4f(0.0);
  if (id.y < windows.count) {
    let place = placeOfWindow(windows, windows.first + id.y);
    for (var i = 0u; i < 4u; i++) {
      let value = min(4u * id.x + i, values - 1u);
      let row = place.row + value / width - windows.top;
      let column = place.column + value % width;
      x[i] = picture[(row * windows.across.length + column) * windows.planes + place.plane];
    }
    x = maskRow(x, id.x, values);
  }
  activations[id.y * quads(values) + id.x] = x;
}
