// The layout of rows of numbers in quads (vec4f): the last quad is padded with zeros. Layout: src/math/layout.ts.

// Quads that hold `values` numbers.
fn quads(values: u32) -> u32 { return (values + 3u) / 4u; }

// A quad of a row of `values` numbers, with zeros past the end of the row.
fn maskRow(quad: vec4f, column: u32, values: u32) -> vec4f {
  let position = vec4u(4u * column) + vec4u(0u, 1u, 2u, 3u);
  return select(vec4f(0.0), quad, position < vec4u(values));
}
