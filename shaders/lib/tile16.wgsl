// A tile of 16 x 16 numbers an invocation: 4 x 4 blocks of 4 x 4. An array of blocks is indexed by constants wherever it
// matters, so that it can live in registers.

// The tile's four quads in a dimension of `count` quads. At the end some are the last again: their work is done twice and
// stored twice, the same both times, which is cheaper than asking.
fn tileQuads(index: u32, count: u32) -> vec4u {
  return min(4u * index + vec4u(0u, 1u, 2u, 3u), vec4u(count - 1u));
}
