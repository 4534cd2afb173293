// The losses of four pixels with logits z and network output y, and their derivatives by z; slope is dy/dz.
// Twin: src/reference/loss.ts.

// 0 binary cross-entropy, 1 squared error (src/kernels/dense.ts)
override LOSS: u32 = 0u;

// The sum of four pixels' terms; `inside` is 1 for a pixel and 0 behind the end of its row. Binary cross-entropy is of a
// sigmoid, and comes from its logit, max(z, 0) - z t + log(1 + exp(-|z|)): the logarithm of y would overflow. The four
// factors 1 + exp(-|z|), of which decayed has the exponentials, lie between 1 and 2, so the logarithm of their product is as
// good as the sum of their logarithms, and is one instead of four.
fn lossSum(z: vec4f, decayed: vec4f, y: vec4f, clean: vec4f, inside: vec4f) -> f32 {
  switch (LOSS) {
    case 1u: {
      return dot(inside, (y - clean) * (y - clean));
    }
    default: {
      let factors = 1.0 + inside * decayed;
      return dot(inside, max(z, vec4f(0.0)) - z * clean) + log(factors.x * factors.y * factors.z * factors.w);
    }
  }
}

// For the cross-entropy of a sigmoid, whose slope is y (1 - y), what would be divided by it has been cancelled.
fn lossDerivatives(y: vec4f, slope: vec4f, clean: vec4f) -> vec4f {
  switch (LOSS) {
    case 1u: { return 2.0 * (y - clean) * slope; }
    default: { return y - clean; }
  }
}
