// A tile of 8 x 8 numbers an invocation: 2 x 2 blocks of 4 x 4. An array of blocks is indexed by constants wherever it
// matters, so that it can live in registers.

// The tile's two quads in a dimension of `count` quads. At an odd end the second is the first again: its work is done
// twice and stored twice, the same both times, which is cheaper than asking.
fn tileQuads(index: u32, count: u32) -> vec2u { return min(2u * index + vec2u(0u, 1u), vec2u(count - 1u)); }
