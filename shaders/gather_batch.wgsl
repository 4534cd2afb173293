// Gathers a batch of measured pairs: X[b] = noisy image order[p + b], as it is, and its clean twin.
//
//   sweep        uniform     Sweep
//   window       uniform     Window
//   order        read        [count] u32            image numbers in visiting order
//   noisy        read        [images, imageWords]   four bytes a word
//   clean        read        [images, imageWords]
//   cursor       read_write  Cursor
//   activations  read_write  [rows, pixels]         block 0: X
//   cleanBatch   read_write  [rows, imageWords]     four bytes a word
//
// Rows past the end of the sweep become zeros; later kernels give them no gradient.
// Dispatch: one invocation for 4 pixels of one row: (imageWords, rows).
// Reference: src/reference/gather-batch.ts
#include "lib/sweep.wgsl"
#include "lib/window.wgsl"
#include "lib/pixels.wgsl"

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<uniform> window: Window;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> noisy: array<u32>;
@group(0) @binding(4) var<storage, read> clean: array<u32>;
@group(0) @binding(5) var<storage, read_write> cursor: Cursor;
@group(0) @binding(6) var<storage, read_write> activations: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> cleanBatch: array<u32>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= sweep.imageWords || row >= 4u * sweep.rowQuads) { return; }
  let step = cursor.next;
  if (column == 0u && row == 0u) { cursor.current = step; }
  var x = vec4f(0.0);
  var cleanWord = 0u;
  if (row < rowsInStep(sweep, step)) {
    let position = step * sweep.batch + row;
    let word = placeOf(window, position, order[position]) * sweep.imageWords + column;
    cleanWord = clean[word];
    x = decodePixels(noisy[word]);
  }
  let place = row * sweep.imageWords + column;
  activations[place] = x;
  cleanBatch[place] = cleanWord;
}
