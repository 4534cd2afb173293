// Includes one piece by two roads.
#include "lib/left.wgsl"
#include "lib/right.wgsl"

@group(0) @binding(0) var<storage, read_write> sum: array<f32>;

@compute @workgroup_size(1)
fn main() {
  sum[0] = left() + right();
}
