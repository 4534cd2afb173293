// exp(-|z|): the only exponential that the sigmoid and the cross-entropy need; it cannot overflow.
fn decay(z: vec4f) -> vec4f { return exp(-abs(z)); }

// 1 / (1 + exp(-z)), from z and its decay.
fn sigmoid(z: vec4f, decayed: vec4f) -> vec4f {
  return select(decayed, vec4f(1.0), z >= vec4f(0.0)) / (1.0 + decayed);
}
