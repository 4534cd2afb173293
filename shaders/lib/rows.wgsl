// How rows of numbers lie in quads (vec4f). Twin: src/math/layout.ts.

// Quads that hold `values` numbers.
fn quads(values: u32) -> u32 { return (values + 3u) / 4u; }

// Quads that hold `values` numbers and the constant 1 behind them.
fn rowStride(values: u32) -> u32 { return (values + 4u) / 4u; }

// The numbers' positions in their row.
fn positions(column: u32) -> vec4u { return vec4u(4u * column) + vec4u(0u, 1u, 2u, 3u); }

// A quad of a row of `values` numbers: behind them stands a 1, then zeros.
fn finishRow(quad: vec4f, column: u32, values: u32) -> vec4f {
  let position = positions(column);
  return select(select(vec4f(0.0), vec4f(1.0), position == vec4u(values)), quad, position < vec4u(values));
}

// A quad of a row of `values` numbers with zeros behind them.
fn maskRow(quad: vec4f, column: u32, values: u32) -> vec4f {
  return select(vec4f(0.0), quad, positions(column) < vec4u(values));
}
