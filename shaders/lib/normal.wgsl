// Four independent standard normal numbers from four random words (Box and Muller 1958).
// The angle lies in (-pi, pi), where WGSL bounds the error of sin and cos. Twin: src/math/normal.ts.
#include "philox.wgsl"

fn normal4(words: vec4u) -> vec4f {
  let unit = unitInterval(words);
  let radius = sqrt(-2.0 * log(unit.xz));
  let angle = 6.283185307179586 * unit.yw - 3.141592653589793;
  let across = radius * cos(angle);
  let up = radius * sin(angle);
  return vec4f(across.x, up.x, across.y, up.y);
}
