// Copies quads to measure memory bandwidth: half is read and half is written.
// Dispatch: one invocation per 4 quads, a quarter of the buffer apart, folded into two dimensions.

@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> copy: array<vec4f>;

@compute @workgroup_size(64, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quarter = arrayLength(&source) / 4u;
  let index = id.y * groups.x * 64u + id.x;
  if (index >= quarter) { return; }
  for (var i = 0u; i < 4u; i++) { copy[index + i * quarter] = source[index + i * quarter]; }
}
