// A tile of 8 x 8 numbers per invocation: 2 x 2 blocks of 4 x 4. In hot code, arrays of blocks are indexed by constants so
// that they can stay in registers.

// Quads on a side of a tile.
const tileSide = 2u;
alias TileQuads = vec2u;
alias TileBlocks = array<mat4x4f, 4>;

// The tile's two quads in a dimension of `count` quads. If `count` is odd, the last tile's second quad repeats the first.
// It is computed and stored twice, with the same result, which is cheaper than a branch.
fn tileQuads(index: u32, count: u32) -> TileQuads { return min(2u * index + vec2u(0u, 1u), vec2u(count - 1u)); }
