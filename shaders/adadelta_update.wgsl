// Ends a training step: the gradient of every weight and bias of every layer, and Adadelta's update of it, in one dispatch.
//   dW[o, i] = sum over b of dY[b, o] X[b, i]
//   a <- rho a + (1 - rho) dW^2;  u = dW sqrt(d + epsilon) / sqrt(a + epsilon), d still old;  W <- W - lr u;
//   d <- rho d + (1 - rho) u^2    (Zeiler 2012, as Keras 2 and PyTorch compute it: lr is not part of d)
//
//   layers             uniform     [16] Layer
//   sweep              uniform     Sweep
//   adadelta           uniform     Adadelta
//   activations        read        X of every layer, a constant 1 behind each row
//   gradients          read        dY of every layer
//   partials           read        [imageWords, rowQuads, 2] vec4f   from dense_loss
//   parameters         read_write  W of every layer
//   squaredGradients   read_write  a, laid out like parameters
//   squaredUpdates     read_write  d, laid out like parameters
//   metrics            read_write  [count] vec2f                     (loss, mean squared error) in visiting order
//   cursor             read_write  Cursor
//
// The gradient never reaches memory. The bias needs no code: it is the weight of the constant 1 behind X. Invocations
// past the last tile store the step's metrics, which saves a dispatch.
// Dispatch: one invocation for a 4 x 4 tile of a W, then one for 4 rows of the batch, folded into two dimensions.
// Reference: src/reference/adadelta-update.ts
#include "lib/rows.wgsl"
#include "lib/layer.wgsl"
#include "lib/batch_metrics.wgsl"

struct Layers {
  count: u32,
  tiles: u32,
  @align(16) layer: array<Layer, 16>,
}

struct Adadelta {
  lr: f32,
  rho: f32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> layers: Layers;
@group(0) @binding(1) var<uniform> sweep: Sweep;
@group(0) @binding(2) var<uniform> adadelta: Adadelta;
@group(0) @binding(3) var<storage, read> activations: array<vec4f>;
@group(0) @binding(4) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(5) var<storage, read> partials: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> squaredGradients: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> squaredUpdates: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> metrics: array<vec2f>;
@group(0) @binding(10) var<storage, read_write> cursor: Cursor;

// Adadelta for four weights with gradient g.
fn update(index: u32, g: vec4f) {
  let kept = adadelta.rho;
  let added = 1.0 - adadelta.rho;
  let a = kept * squaredGradients[index] + added * g * g;
  let d = squaredUpdates[index];
  let u = g * sqrt(d + adadelta.epsilon) / sqrt(a + adadelta.epsilon);
  let weight = parameters[index] - adadelta.lr * u;
  parameters[index] = weight;
  squaredGradients[index] = a;
  squaredUpdates[index] = kept * d + added * u * u;
  // By its bits, since a compiler may assume that NaN and infinity do not occur.
  let exponent = bitcast<vec4u>(weight) & vec4u(0x7f800000u);
  if (any(exponent == vec4u(0x7f800000u))) { atomicMin(&cursor.trouble, cursor.current); }
}

fn updateTile(tile: u32) {
  var index = 0u;
  while (index + 1u < layers.count && tile >= layers.layer[index + 1u].firstTile) { index++; }
  let layer = layers.layer[index];
  let xStride = rowStride(layer.inputs);
  let dyStride = quads(layer.outputs);
  let outputQuad = (tile - layer.firstTile) / xStride;
  let inputQuad = (tile - layer.firstTile) % xStride;
  let x = layer.inputOffset + inputQuad;
  let dy = layer.gradientOffset + outputQuad;
  var g0 = vec4f(0.0);
  var g1 = vec4f(0.0);
  var g2 = vec4f(0.0);
  var g3 = vec4f(0.0);
  for (var b = 0u; b < 4u * layer.rowQuads; b += 4u) {
    // Four rows of X as columns, four rows of dY as columns: M * v adds M's columns weighted by v.
    let inputs = mat4x4f(
      activations[x + b * xStride],
      activations[x + (b + 1u) * xStride],
      activations[x + (b + 2u) * xStride],
      activations[x + (b + 3u) * xStride],
    );
    let outputs = transpose(mat4x4f(
      gradients[dy + b * dyStride],
      gradients[dy + (b + 1u) * dyStride],
      gradients[dy + (b + 2u) * dyStride],
      gradients[dy + (b + 3u) * dyStride],
    ));
    g0 += inputs * outputs[0];
    g1 += inputs * outputs[1];
    g2 += inputs * outputs[2];
    g3 += inputs * outputs[3];
  }
  let w = layer.weightOffset + 4u * outputQuad * xStride + inputQuad;
  update(w, g0);
  update(w + xStride, g1);
  update(w + 2u * xStride, g2);
  update(w + 3u * xStride, g3);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let job = id.y * groups.x * 64u + id.x;
  if (job < layers.tiles) {
    updateTile(job);
    return;
  }
  let rowQuad = job - layers.tiles;
  if (rowQuad >= sweep.rowQuads) { return; }
  storeMetrics(rowQuad);
  if (rowQuad == 0u) { cursor.next = cursor.current + 1u; }
}
