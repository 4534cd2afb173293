// Noise2Noise (Lehtinen et al. 2018, arXiv:1803.04189): if both pictures of a pair are noisy and neither is clean, either
// can be the input, and the other the target. Reference: src/reference/swapped-twins.ts.
#include "philox.wgsl"

// 1: the roles are drawn for every image and epoch; 0: they are fixed
override SWAP: u32 = 0u;

// Separates this draw's counters from those of the noise (noise.wgsl).
const swapDraw = 0x200u;

fn twinsSwapped(image: u32, epoch: u32, key: vec2u) -> bool {
  if (SWAP == 0u) { return false; }
  return (philox(vec4u(0u, image, epoch, swapDraw), key).x & 1u) == 1u;
}
