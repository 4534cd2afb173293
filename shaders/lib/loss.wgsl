// The losses, a term a pixel, and their derivatives by the logit z; s = sigmoid(z), decayed = decay(z).
// Twin: src/reference/loss.ts.
#include "sigmoid.wgsl"

// 0 binary cross-entropy, 1 squared error (src/kernels/uniforms.ts)
override LOSS: u32 = 0u;

// Binary cross-entropy comes from the logit, max(z, 0) - z t + log(1 + exp(-|z|)): the logarithm of s would overflow.
fn lossTerms(z: vec4f, decayed: vec4f, s: vec4f, clean: vec4f) -> vec4f {
  switch (LOSS) {
    case 1u: { return (s - clean) * (s - clean); }
    default: { return max(z, vec4f(0.0)) - z * clean + log(1.0 + decayed); }
  }
}

fn lossDerivatives(s: vec4f, clean: vec4f) -> vec4f {
  switch (LOSS) {
    case 1u: { return 2.0 * (s - clean) * s * (1.0 - s); }
    default: { return s - clean; }
  }
}
