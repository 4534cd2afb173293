// Noise2Noise (Lehtinen et al. 2018, arXiv:1803.04189): where both pictures of a pair are noisy, and none is clean, each is
// now what the network gets, now what it should make of the other. Twin: src/reference/swapped-twins.ts.
#include "philox.wgsl"

// 1: which is which is drawn for every image and epoch; 0: it stays
override SWAP: u32 = 0u;

// Counts this draw apart from those of the noise (noise.wgsl).
const swapDraw = 0x200u;

fn twinsSwapped(image: u32, epoch: u32, key: vec2u) -> bool {
  if (SWAP == 0u) { return false; }
  return (philox(vec4u(0u, image, epoch, swapDraw), key).x & 1u) == 1u;
}
