// C = A B^T of square matrices [n, n] with tiles of 8 x 8 results in registers: measures a plain large product, with vec4f
// loads and no workgroup memory.
// Dispatch: one invocation per tile: (n / 8, n / 8); n is a multiple of 64.

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;

fn rowsOfA(first: u32, stride: u32) -> mat4x4f {
  return mat4x4f(a[first], a[first + stride], a[first + 2u * stride], a[first + 3u * stride]);
}

fn rowsOfB(first: u32, stride: u32) -> mat4x4f {
  return mat4x4f(b[first], b[first + stride], b[first + 2u * stride], b[first + 3u * stride]);
}

fn store(first: u32, stride: u32, block: mat4x4f) {
  for (var row = 0u; row < 4u; row++) { c[first + row * stride] = block[row]; }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * 16u; // quads per row
  let top = 8u * id.y * stride;
  let bottom = top + 4u * stride;
  let left = 8u * id.x * stride;
  let right = left + 4u * stride;
  var topLeft: mat4x4f;
  var topRight: mat4x4f;
  var bottomLeft: mat4x4f;
  var bottomRight: mat4x4f;
  for (var k = 0u; k < stride; k++) {
    let a0 = rowsOfA(top + k, stride);
    let a1 = rowsOfA(bottom + k, stride);
    let b0 = transpose(rowsOfB(left + k, stride));
    let b1 = transpose(rowsOfB(right + k, stride));
    topLeft += b0 * a0;
    topRight += b1 * a0;
    bottomLeft += b0 * a1;
    bottomRight += b1 * a1;
  }
  store(top + 2u * id.x, stride, topLeft);
  store(top + 2u * id.x + 1u, stride, topRight);
  store(bottom + 2u * id.x, stride, bottomLeft);
  store(bottom + 2u * id.x + 1u, stride, bottomRight);
}
