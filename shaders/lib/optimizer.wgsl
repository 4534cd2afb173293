// The optimizers. `moments` holds two running means per weight: for Adadelta, of the squared gradients and of the squared
// updates; for Adam, of the squared gradients and of the gradients. Layout: src/kernels/optimizer.ts.
// Reference: src/reference/optimizer.ts.

// 0 Adadelta, 1 Adam (src/kernels/optimizer.ts)
override OPTIMIZER: u32 = 0u;

// Each pair is (decay, 1 - decay) of a running mean. The second number is computed in float64, because here the difference
// would lose digits when the first is near 1.
struct Optimizer {
  squares: vec2f, // of squared gradients: rho, beta2
  others: vec2f,  // of squared updates: rho; of gradients: beta1
  epsilon: f32,
}

struct Moments {
  squares: vec4f,
  others: vec4f,
}

struct Change {
  update: vec4f, // subtracted from the weights
  moments: Moments,
}

// The change of four weights with gradient g. `rate` is for the step: the learning rate and Adam's bias correction.
fn optimize(optimizer: Optimizer, rate: vec2f, old: Moments, g: vec4f) -> Change {
  let squares = optimizer.squares.x * old.squares + optimizer.squares.y * g * g;
  switch (OPTIMIZER) {
    case 1u: {
      let mean = optimizer.others.x * old.others + optimizer.others.y * g;
      return Change(rate.x * mean / (rate.y * sqrt(squares) + optimizer.epsilon), Moments(squares, mean));
    }
    case 0u: {
      let u = g * sqrt((old.others + optimizer.epsilon) / (squares + optimizer.epsilon));
      return Change(rate.x * u, Moments(squares, optimizer.others.x * old.others + optimizer.others.y * u * u));
    }
    // An optimizer without a case changes no weight.
    default: { return Change(vec4f(), old); }
  }
}
