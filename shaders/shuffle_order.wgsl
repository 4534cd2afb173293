// The order in which an epoch visits its images: order[p] = permutation by (seed, epoch) at p.
//
//   shuffle  uniform     Shuffle
//   order    read_write  [count] u32   image numbers
//
// No sorting and no state: each position is computed independently, so the same seed and epoch always give the same order.
// Dispatch: one invocation per position, folded into two dimensions.
// Reference: src/reference/shuffle-order.ts
#include "lib/permutation.wgsl"

struct Shuffle {
  count: u32,
  seed: u32,
  shuffleStream: u32,
  epoch: u32,
}

@group(0) @binding(0) var<uniform> shuffle: Shuffle;
@group(0) @binding(1) var<storage, read_write> order: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let position = id.y * groups.x * 64u + id.x;
  if (position >= shuffle.count) { return; }
  order[position] = permute(position, shuffle.count, vec2u(shuffle.seed, shuffle.shuffleStream), shuffle.epoch);
}
