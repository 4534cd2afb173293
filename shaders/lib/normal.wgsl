// Standard normal numbers from random words. Reference: src/math/normal.ts.
#include "philox.wgsl"

// Four independent numbers from four words (Box and Muller 1958). The angle is in (-pi, pi), where WGSL bounds the error of
// sin and cos.
fn normal4(words: vec4u) -> vec4f {
  let unit = unitInterval(words);
  let radius = sqrt(-2.0 * log(unit.xz));
  let angle = 6.283185307179586 * unit.yw - 3.141592653589793;
  let across = radius * cos(angle);
  let up = radius * sin(angle);
  return vec4f(across.x, up.x, across.y, up.y);
}

// The quantile of the standard normal distribution for probability u in (0, 1): Giles' polynomials in single precision
// ("Approximating the erfinv function", GPU Computing Gems 2, 2011), with an error of 3e-7.
fn normalQuantile(u: f32) -> f32 {
  let depth = -log(4.0 * u * (1.0 - u));
  var scale = 0.0;
  if (depth < 5.0) {
    let w = depth - 2.5;
    scale = 2.81022636e-08;
    scale = 3.43273939e-07 + scale * w;
    scale = -3.5233877e-06 + scale * w;
    scale = -4.39150654e-06 + scale * w;
    scale = 0.00021858087 + scale * w;
    scale = -0.00125372503 + scale * w;
    scale = -0.00417768164 + scale * w;
    scale = 0.246640727 + scale * w;
    scale = 1.50140941 + scale * w;
  } else {
    let w = sqrt(depth) - 3.0;
    scale = -0.000200214257;
    scale = 0.000100950558 + scale * w;
    scale = 0.00134934322 + scale * w;
    scale = -0.00367342844 + scale * w;
    scale = 0.00573950773 + scale * w;
    scale = -0.0076224613 + scale * w;
    scale = 0.00943887047 + scale * w;
    scale = 1.00167406 + scale * w;
    scale = 2.83297682 + scale * w;
  }
  return 1.4142135623730951 * scale * (2.0 * u - 1.0);
}
