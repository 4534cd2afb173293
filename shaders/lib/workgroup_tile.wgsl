// A tile of 32 x 32 numbers per workgroup of 8 x 8 invocations, each with a block of 4 x 4. Both factors pass through
// workgroup memory in slices 16 numbers deep, so each is loaded once per workgroup.
const sliceQuads = 4u;
var<workgroup> leftSlice: array<vec4f, 128>;
var<workgroup> rightSlice: array<vec4f, 128>;

// Four quads of a slice, `stride` apart.
fn leftBlock(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    leftSlice[index],
    leftSlice[index + stride],
    leftSlice[index + 2u * stride],
    leftSlice[index + 3u * stride],
  );
}

fn rightBlock(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    rightSlice[index],
    rightSlice[index + stride],
    rightSlice[index + 2u * stride],
    rightSlice[index + 3u * stride],
  );
}
