// Ends a training step of a network of convolutions: adds the parts of the gradient, applies the optimizer's update to every weight and
// bias, and stores the step's metrics. For dense networks see weight_update.*.wgsl.
//
//   sizes       uniform     PartSizes
//   sweep       uniform     Sweep
//   optimizer   uniform     Optimizer
//   partials    read        [imageWords, rowQuads, 2] vec4f   from conv_loss
//   rates       read        [steps] vec2f                     for each step of the sweep: see lib/optimizer.wgsl
//   parts       read        [splits, parameters]              from conv_gradient
//   parameters  read_write  W and bias of every layer
//   moments     read_write  [2] vec4f per quad of parameters  squared gradients, others: see lib/optimizer.wgsl
//   metrics     read_write  [count] vec2f                     (loss, mean squared error) in visiting order
//   cursor      read_write  Cursor
//
// Dispatch: one invocation per quad of parameters, then one per 4 images of the batch, in a line.
// Reference: src/reference/parameter-update.ts
#include "lib/batch_metrics.wgsl"
#include "lib/update.wgsl"

struct PartSizes {
  quads: u32,  // of all parameters
  splits: u32, // parts of the gradient
}

@group(0) @binding(0) var<uniform> sizes: PartSizes;
@group(0) @binding(1) var<uniform> sweep: Sweep;
@group(0) @binding(2) var<uniform> optimizer: Optimizer;
@group(0) @binding(3) var<storage, read> partials: array<vec4f>;
@group(0) @binding(4) var<storage, read> rates: array<vec2f>;
@group(0) @binding(5) var<storage, read> parts: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> moments: array<Moments>;
@group(0) @binding(8) var<storage, read_write> metrics: array<vec2f>;
@group(0) @binding(9) var<storage, read_write> cursor: Cursor;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let id = 64u * (groupId.y * groups.x + groupId.x) + local;
  if (id < sizes.quads) {
    var gradient = vec4f(0.0);
    for (var split = 0u; split < sizes.splits; split++) { gradient += parts[split * sizes.quads + id]; }
    update(id, gradient);
    return;
  }
  let rowQuad = id - sizes.quads;
  if (rowQuad >= sweep.rowQuads) { return; }
  storeMetrics(rowQuad);
  if (rowQuad == 0u) { cursor.next = cursor.current + 1u; }
}
