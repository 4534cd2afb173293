// Ends a training step: the gradient of every weight and bias of every layer, and Adadelta's update of it, in one dispatch.
//   dW[o, i] = sum over b of dY[b, o] X[b, i];  dbias[o] = sum over b of dY[b, o]
//   a <- rho a + (1 - rho) dW^2;  u = dW sqrt(d + epsilon) / sqrt(a + epsilon), d still old;  W <- W - lr u;
//   d <- rho d + (1 - rho) u^2    (Zeiler 2012, as Keras 2 and PyTorch compute it: lr is not part of d)
//
//   layers             uniform     [16] Layer
//   sweep              uniform     Sweep
//   adadelta           uniform     Adadelta
//   activations        read        X of every layer
//   gradients          read        dY of every layer
//   partials           read        [imageWords, rowQuads, 2] vec4f   from dense_loss
//   parameters         read_write  W and bias of every layer
//   squaredGradients   read_write  a, laid out like parameters
//   squaredUpdates     read_write  d, laid out like parameters
//   metrics            read_write  [count] vec2f                     (loss, mean squared error) in visiting order
//   cursor             read_write  Cursor
//
// The gradient never reaches memory. The tiles in a weight matrix's first column have all of dY at hand and update the
// bias as well; invocations past the last tile store the step's metrics: each saves a dispatch.
// Dispatch: one invocation for an 8 x 8 tile of a W, then one for 4 rows of the batch, folded into two dimensions.
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

// Four numbers of each of four rows of X, a row a column.
fn inputRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    activations[index],
    activations[index + stride],
    activations[index + 2u * stride],
    activations[index + 3u * stride],
  );
}

// Four numbers of each of four rows of dY, a row a column.
fn gradientRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    gradients[index],
    gradients[index + stride],
    gradients[index + 2u * stride],
    gradients[index + 3u * stride],
  );
}

// Four rows of four weights, a row a column of dw.
fn updateBlock(layer: Layer, outputQuad: u32, inputQuad: u32, dw: mat4x4f) {
  let stride = quads(layer.inputs);
  let w = layer.weightOffset + 4u * outputQuad * stride + inputQuad;
  update(w, dw[0]);
  update(w + stride, dw[1]);
  update(w + 2u * stride, dw[2]);
  update(w + 3u * stride, dw[3]);
}

fn updateTile(tile: u32) {
  var index = 0u;
  while (index + 1u < layers.count && tile >= layers.layer[index + 1u].firstTile) { index++; }
  let layer = layers.layer[index];
  let xStride = quads(layer.inputs);
  let dyStride = quads(layer.outputs);
  let across = (xStride + 1u) / 2u;
  let inputQuads = pair((tile - layer.firstTile) % across, xStride);
  let outputQuads = pair((tile - layer.firstTile) / across, dyStride);
  let first = inputQuads.x == 0u;
  var x = layer.inputOffset + inputQuads;
  var dy = layer.gradientOffset + outputQuads;
  // dwOI is output quad O, input quad I of the tile.
  var dw00 = mat4x4f();
  var dw01 = mat4x4f();
  var dw10 = mat4x4f();
  var dw11 = mat4x4f();
  var dbias0 = vec4f();
  var dbias1 = vec4f();
  for (var rowQuad = 0u; rowQuad < layer.rowQuads; rowQuad++) {
    let x0 = inputRows(x.x, xStride);
    let x1 = inputRows(x.y, xStride);
    let dy0 = gradientRows(dy.x, dyStride);
    let dy1 = gradientRows(dy.y, dyStride);
    let dy0Transposed = transpose(dy0);
    dw00 += x0 * dy0Transposed;
    dw01 += x1 * dy0Transposed;
    let dy1Transposed = transpose(dy1);
    dw10 += x0 * dy1Transposed;
    dw11 += x1 * dy1Transposed;
    if (first) {
      dbias0 += dy0 * vec4f(1.0);
      dbias1 += dy1 * vec4f(1.0);
    }
    x += 4u * xStride;
    dy += 4u * dyStride;
  }
  // At an odd end the tile's second quad is its first again, and must not be updated twice.
  let second = vec2<bool>(outputQuads.y > outputQuads.x, inputQuads.y > inputQuads.x);
  updateBlock(layer, outputQuads.x, inputQuads.x, dw00);
  if (second.y) { updateBlock(layer, outputQuads.x, inputQuads.y, dw01); }
  if (second.x) { updateBlock(layer, outputQuads.y, inputQuads.x, dw10); }
  if (all(second)) { updateBlock(layer, outputQuads.y, inputQuads.y, dw11); }
  if (first) { update(layer.biasOffset + outputQuads.x, dbias0); }
  if (first && second.x) { update(layer.biasOffset + outputQuads.y, dbias1); }
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
