// Noise for four values of an image: up to four stages, each applied to the result of the previous one. The including
// kernel defines `pixelAt` (blur.wgsl). Reference: src/reference/noise.ts.
//
// Random words come from Philox with the key (seed, stream) and the counter (quad, image, epoch, stage). The noise of a
// pixel therefore does not depend on the batch, the order or the adapter's schedule.
#include "normal.wgsl"
#include "poisson.wgsl"
#include "blur.wgsl"

// The kind of each stage (src/kernels/noise-stages.ts): 0 nothing, 1 gaussian, 2 uniform, 3 salt-pepper, 4 speckle, 5
// poisson, 6 mask, 7 blur (stage 0 only), 8 bands. Compilers remove the kinds that a noise does not use.
override STAGE0: u32 = 0u;
override STAGE1: u32 = 0u;
override STAGE2: u32 = 0u;
override STAGE3: u32 = 0u;
// 1: clip to [0, 1] after the last stage
override CLIP: u32 = 1u;

// Combined with a stage's number, gives the counter for drawing the stage's setting.
const settingDraw = 0x100u;

struct Noise {
  // The stages' settings: scale, from, to, exponent (src/math/power-law.ts). If `from` and `to` differ, each image draws
  // its own.
  law0: vec4f,
  law1: vec4f,
  law2: vec4f,
  law3: vec4f,
  rows: u32,     // pixels
  columns: u32,  // pixels
  channels: u32, // values per pixel
  strengths: u32, // where kernels store the first stage's setting of each row, in activations; 0 if nowhere
}

// The four values, and the image whose noise they get.
struct NoiseSite {
  quad: u32,    // values 4 quad to 4 quad + 3 of the image
  image: u32,   // the image's number
  epoch: u32,
  key: vec2u,   // seed, stream
  picture: u32, // for `pixelAt`
}

fn addNoise(values: vec4f, noise: Noise, site: NoiseSite) -> vec4f {
  var x = values;
  if (STAGE0 == 7u) {
    let sigma = settingOf(0u, noise.law0, site);
    x = blurred(site.picture, 4u * site.quad, noise.columns, noise.channels, sigma);
  } else {
    x = afterStage(STAGE0, 0u, x, noise.law0, noise, site);
  }
  x = afterStage(STAGE1, 1u, x, noise.law1, noise, site);
  x = afterStage(STAGE2, 2u, x, noise.law2, noise, site);
  x = afterStage(STAGE3, 3u, x, noise.law3, noise, site);
  if (CLIP == 1u) { x = saturate(x); }
  return x;
}

fn afterStage(kind: u32, stage: u32, x: vec4f, law: vec4f, noise: Noise, site: NoiseSite) -> vec4f {
  if (kind == 0u) { return x; }
  let setting = settingOf(stage, law, site);
  if (kind == 8u) { return x + setting * rowNormals(stage, noise, site); }
  let words = wordsOf(site.quad, stage, site);
  let unit = unitInterval(words);
  switch (kind) {
    case 1u, 4u: { return x + setting * select(vec4f(1.0), x, kind == 4u) * normal4(words); }
    case 2u: { return x + setting * (2.0 * unit - 1.0); }
    case 3u: { return salted(x, setting, unit); }
    case 5u: { return counted(x, setting, unit); }
    case 6u: { return select(x, vec4f(0.0), unit < vec4f(setting)); }
    default: { return x; }
  }
}

// The stage's setting for this image: scale base^exponent, or 2^base if the exponent is 0; `base` is uniform in [from, to].
fn settingOf(stage: u32, law: vec4f, site: NoiseSite) -> f32 {
  let scale = law.x;
  let exponent = law.w;
  var base = law.y;
  if (law.y != law.z) {
    base += (law.z - law.y) * unitInterval(wordsOf(0u, settingDraw | stage, site)).x;
  }
  // A single number or a uniform range: there is no scaling, and pow would round.
  if (exponent == 1.0) { return base; }
  return scale * select(pow(base, exponent), exp2(base), exponent == 0.0);
}

fn wordsOf(position: u32, draw: u32, site: NoiseSite) -> vec4u {
  return philox(vec4u(position, site.image, site.epoch, draw), site.key);
}

// The lowest half of the share becomes black, the uppermost half white.
fn salted(x: vec4f, share: f32, unit: vec4f) -> vec4f {
  let half = vec4f(0.5 * share);
  return select(select(x, vec4f(0.0), unit < half), vec4f(1.0), 1.0 - unit < half);
}

// Photon counts; a white pixel emits `peak` on average.
fn counted(x: vec4f, peak: f32, unit: vec4f) -> vec4f {
  let mean = peak * max(x, vec4f(0.0));
  var counts = vec4f(0.0);
  for (var i = 0u; i < 4u; i++) { counts[i] = poissonQuantile(mean[i], unit[i]); }
  return counts / peak;
}

// One normal number per row. Four values can lie in up to four rows, but mostly lie in one.
fn rowNormals(stage: u32, noise: Noise, site: NoiseSite) -> vec4f {
  let rows = (vec4u(4u * site.quad) + vec4u(0u, 1u, 2u, 3u)) / vec4u(noise.columns * noise.channels);
  var normals = vec4f(0.0);
  for (var i = 0u; i < 4u; i++) {
    if (i > 0u && rows[i] == rows[i - 1u]) {
      normals[i] = normals[i - 1u];
    } else {
      normals[i] = normal4(wordsOf(rows[i], stage, site)).x;
    }
  }
  return normals;
}
