// Ends a validation step: stores the loss and the mean squared error of each image of the batch and advances the cursor.
// (A training step does the same inside weight_update.)
//
//   sweep     uniform     Sweep
//   partials  read        [imageWords, rowQuads, 2] vec4f   from dense_loss
//   cursor    read_write  Cursor
//   metrics   read_write  [count] vec2f                     (loss, mean squared error) in visiting order
//
// Dispatch: one invocation for 4 rows: (rowQuads).
// Reference: src/reference/batch-metrics.ts
#include "lib/batch_metrics.wgsl"

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<storage, read> partials: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> cursor: Cursor;
@group(0) @binding(3) var<storage, read_write> metrics: array<vec2f>;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sweep.rowQuads) { return; }
  storeMetrics(id.x);
  if (id.x == 0u) { cursor.next = cursor.current + 1u; }
}
