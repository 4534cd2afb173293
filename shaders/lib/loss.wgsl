// The losses of four pixels with logits z and network output y, and their derivatives with respect to z; slope is dy/dz.
// Reference: src/reference/loss.ts.

// 0 binary cross-entropy, 1 squared error (src/kernels/dense.ts)
override LOSS: u32 = 0u;

// The sum of the terms of four pixels; `inside` is 1 for a pixel and 0 past the end of its row. Binary cross-entropy
// applies to a sigmoid and is computed from the logit, max(z, 0) - z t + log(1 + exp(-|z|)), because the logarithm of y
// would overflow. The four factors 1 + exp(-|z|) (`decayed` holds the exponentials) lie between 1 and 2, so one logarithm
// of their product is as accurate as the sum of four.
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

// For the cross-entropy of a sigmoid, the slope y (1 - y) cancels against the denominator.
fn lossDerivatives(y: vec4f, slope: vec4f, clean: vec4f) -> vec4f {
  switch (LOSS) {
    case 1u: { return 2.0 * (y - clean) * slope; }
    default: { return y - clean; }
  }
}
