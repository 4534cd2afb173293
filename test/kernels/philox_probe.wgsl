// Philox for its known answers: words[i] = philox(counters[i], keys[i]).
//
//   counters  read        [count] vec4u
//   keys      read        [count] vec2u
//   words     read_write  [count] vec4u
//
// Dispatch: one invocation a counter.
#include "../../shaders/lib/philox.wgsl"

@group(0) @binding(0) var<storage, read> counters: array<vec4u>;
@group(0) @binding(1) var<storage, read> keys: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> words: array<vec4u>;

@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  words[id.x] = philox(counters[id.x], keys[id.x]);
}
