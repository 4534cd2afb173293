// The losses, and their derivatives by the logit z; s = sigmoid(z), decayed = decay(z).
// Twin: src/reference/loss.ts.
#include "sigmoid.wgsl"

// 0 binary cross-entropy, 1 squared error (src/kernels/uniforms.ts)
override LOSS: u32 = 0u;

// The sum of four pixels' terms; `inside` is 1 for a pixel and 0 behind the end of its row. Binary cross-entropy comes from
// the logit, max(z, 0) - z t + log(1 + exp(-|z|)): the logarithm of s would overflow. The four factors 1 + exp(-|z|) lie
// between 1 and 2, so the logarithm of their product is as good as the sum of their logarithms, and is one instead of four.
fn lossSum(z: vec4f, decayed: vec4f, s: vec4f, clean: vec4f, inside: vec4f) -> f32 {
  switch (LOSS) {
    case 1u: {
      return dot(inside, (s - clean) * (s - clean));
    }
    default: {
      let factors = 1.0 + inside * decayed;
      return dot(inside, max(z, vec4f(0.0)) - z * clean) + log(factors.x * factors.y * factors.z * factors.w);
    }
  }
}

fn lossDerivatives(s: vec4f, clean: vec4f) -> vec4f {
  switch (LOSS) {
    case 1u: { return 2.0 * (s - clean) * s * (1.0 - s); }
    default: { return s - clean; }
  }
}
