// Exchange between the four invocations of a quad, which are next to each other in a subgroup. They have the same channels: each loads
// four of them and gets the others. All invocations of a workgroup must call these functions.

const tilePixels = 16u;
const tileSide = 4u;

// A quad of channels of 16 pixels next to each other, and of those beside them.
alias TileRow = array<vec4f, 18>;

// The four quads of channels of an invocation, its own one first, of tile `index` in `count` quads. At the end, some repeat the last
// quad, and the same result is stored twice.
fn exchangedQuads(index: u32, lane: u32, count: u32) -> vec4u {
  return min(vec4u(4u * index) + (vec4u(lane & 3u) ^ vec4u(0u, 1u, 2u, 3u)), vec4u(count - 1u));
}

// What the neighbour in x, in y, or across has in the same place.
fn fromBeside(block: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapX(block[0]), quadSwapX(block[1]), quadSwapX(block[2]), quadSwapX(block[3]));
}

fn fromBelow(block: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapY(block[0]), quadSwapY(block[1]), quadSwapY(block[2]), quadSwapY(block[3]));
}

fn fromAcross(block: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapDiagonal(block[0]), quadSwapDiagonal(block[1]), quadSwapDiagonal(block[2]), quadSwapDiagonal(block[3]));
}
