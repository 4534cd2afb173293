// Exchanges X with the images with hidden pixels from blind_spots: these become the input, and the noisy images the targets.
//
//   sweep        uniform     Sweep
//   activations  read_write  [rows, imageWords]  block 0: X
//   targets      read_write  [rows, imageWords]
//
// Dispatch: one invocation per 4 values of one row: (imageWords, rows).
// Reference: src/reference/exchange-batch.ts
#include "lib/sweep.wgsl"

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<storage, read_write> activations: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> targets: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sweep.imageWords || id.y >= 4u * sweep.rowQuads) { return; }
  let place = id.y * sweep.imageWords + id.x;
  let x = activations[place];
  activations[place] = targets[place];
  targets[place] = x;
}
