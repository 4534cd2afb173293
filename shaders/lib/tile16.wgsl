// A tile of 16 x 16 numbers per invocation: 4 x 4 blocks of 4 x 4. In hot code, arrays of blocks are indexed by constants
// so that they can stay in registers.

// Quads on a side of a tile.
const tileSide = 4u;
alias TileQuads = vec4u;
alias TileBlocks = array<mat4x4f, 16>;

// The tile's four quads in a dimension of `count` quads. At the end, some repeat the last quad. They are computed and
// stored twice, with the same result, which is cheaper than a branch.
fn tileQuads(index: u32, count: u32) -> TileQuads {
  return min(4u * index + vec4u(0u, 1u, 2u, 3u), vec4u(count - 1u));
}
