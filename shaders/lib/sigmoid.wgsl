// 1 / (1 + exp(-z)) without overflow: only exp of numbers <= 0 is taken.
fn sigmoid(z: vec4f) -> vec4f {
  let e = exp(-abs(z));
  return select(e, vec4f(1.0), z >= vec4f(0.0)) / (1.0 + e);
}
