// The update of four weights. Needs `optimizer`, `rates`, `parameters`, `moments` and `cursor`.
#include "optimizer.wgsl"

// Updates four weights with gradient g.
fn update(index: u32, g: vec4f) {
  let change = optimize(optimizer, rates[cursor.current], moments[index], g);
  let weight = parameters[index] - change.update;
  parameters[index] = weight;
  moments[index] = change.moments;
  // Tests the bits, because a compiler may assume that NaN and infinity do not occur.
  let exponent = bitcast<vec4u>(weight) & vec4u(0x7f800000u);
  if (any(exponent == vec4u(0x7f800000u))) { atomicMin(&cursor.trouble, cursor.current); }
}
