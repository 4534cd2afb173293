// The gradient of a convolution's weights and biases: see lib/conv_gradient.wgsl for the buffers.
//
// Dispatch, in workgroups. In x: for each of the three rows of taps, one per 8 quads of big channels, then one for the bias. In y: for
// each split, one per 8 quads of small channels.
// An invocation computes 4 x 4 weights of all three taps of a row: 48 sums, for which it reads three quads of workgroup memory per
// pixel, because neighbouring taps share pixels. Up to 64 invocations cover the channels; the others of 256 sum other pixels,
// since splits alone do not give a large GPU enough work, and all sums are added at the end. The fewer channels, the more pixels
// pass through workgroup memory at a time: 32 for 32 channels, 256 for 4.
// Reference: src/reference/conv-gradient.ts
#include "lib/conv_gradient.wgsl"

const invocations = 256u;

// At first the slices, [pixels, quads], of the small images (256 places) and of the big ones (520); then three sums of each
// invocation.
var<workgroup> slices: array<vec4f, 776>;

struct Shape {
  across: u32, // quads of big channels of a workgroup: 1, 2, 4 or 8
  down: u32,   // quads of small channels: 1, 2, 4 or 8
  lanes: u32,  // invocations that compute the same weights, from other pixels
  pixels: u32, // of a slice
  each: u32,   // pixels of a slice that an invocation sums
}

fn shapeOf() -> Shape {
  let across = quadsOfGroup(layer.bigQuads);
  let down = quadsOfGroup(layer.smallQuads);
  let pixels = invocations / max(across, down);
  let lanes = invocations / (across * down);
  return Shape(across, down, lanes, pixels, pixels / lanes);
}

// The next power of two, at most 8.
fn quadsOfGroup(quads: u32) -> u32 { return 1u << min(3u, 32u - countLeadingZeros(quads - 1u)); }

// The big quads of a slice, and the pixels on both sides; a pixel has as many places as the stride.
fn bigSlice(i: u32, shape: Shape, tapRow: u32, firstPixel: u32, firstQuad: u32) -> vec4f {
  let place = i / shape.across;
  let quad = min(firstQuad + i % shape.across, layer.bigQuads - 1u);
  let line = tapRow * (layer.bigColumns + 1u) * layer.bigQuads;
  return bigQuad(line + neighboursBeside(firstPixel + place / layer.stride, place % layer.stride) + quad);
}

struct Sums {
  left: vec4f,
  middle: vec4f,
  right: vec4f,
}

// Adds the sums of all invocations whose numbers differ by multiples of `apart`, for the first `apart` invocations: up to 16 at a
// time, which takes fewer barriers than pairs.
fn addLanes(sums: Sums, local: u32, apart: u32) -> Sums {
  workgroupBarrier();
  slices[local] = sums.left;
  slices[local + invocations] = sums.middle;
  slices[local + 2u * invocations] = sums.right;
  var total = sums;
  var left = invocations;
  while (left > apart) {
    let count = left;
    left = max(apart, count / 16u);
    workgroupBarrier();
    if (local < left) {
      for (var i = local + left; i < count; i += left) {
        total.left += slices[i];
        total.middle += slices[i + invocations];
        total.right += slices[i + 2u * invocations];
      }
      slices[local] = total.left;
      slices[local + invocations] = total.middle;
      slices[local + 2u * invocations] = total.right;
    }
  }
  return total;
}

// The bias: 8 quads of dY at a time, of every 32nd pixel.
fn sumBias(split: u32, firstQuad: u32, step: u32, local: u32) {
  var outputs = layer.smallQuads;
  var pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  if (UP == 1u) {
    outputs = layer.bigQuads;
    pixels = planePixels(layer.images, layer.bigRows, layer.bigColumns);
  }
  let end = min(pixels, (split + 1u) * splitPixels(pixels));
  for (var first = firstQuad; first < outputs; first += step) {
    let quad = min(first + local % 8u, outputs - 1u);
    var sum = vec4f(0.0);
    for (var pixel = split * splitPixels(pixels) + local / 8u; pixel < end; pixel += invocations / 8u) {
      if (UP == 1u) { sum += bigQuad(pixel * outputs + quad); } else { sum += smallQuad(pixel * outputs + quad); }
    }
    let sums = addLanes(Sums(sum, vec4f(0.0), vec4f(0.0)), local, 8u);
    if (local < 8u && first + local < outputs) {
      parts[split * layer.parameterQuads + layer.biasOffset + quad] = sums.left;
    }
  }
}

// Where an invocation's weights are.
struct Weights {
  split: u32,
  row: u32,  // the first of four small channels
  quad: u32, // of big channels
  tapRow: u32,
}

// Adds the lanes' sums for a small channel, and stores them.
fn storeSums(sums: Sums, weights: Weights, channel: u32, shape: Shape, local: u32) {
  let total = addLanes(sums, local, shape.across * shape.down);
  let inside = weights.quad < layer.bigQuads && weights.row < 4u * layer.smallQuads;
  if (local >= shape.across * shape.down || !inside) { return; }
  let tap = 9u * (weights.row + channel) + 3u * weights.tapRow;
  let place = weights.split * layer.parameterQuads + layer.weightOffset + tap * layer.bigQuads + weights.quad;
  parts[place] = total.left;
  parts[place + layer.bigQuads] = total.middle;
  parts[place + 2u * layer.bigQuads] = total.right;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let shape = shapeOf();
  let groupsAcross = (layer.bigQuads + shape.across - 1u) / shape.across;
  let groupsDown = (layer.smallQuads + shape.down - 1u) / shape.down;
  let split = group.y / groupsDown;
  let firstSmall = group.y % groupsDown * shape.down;
  if (group.x == 3u * groupsAcross) {
    sumBias(split, group.y % groupsDown * 8u, groupsDown * 8u, local);
    return;
  }
  let tapRow = group.x / groupsAcross;
  let firstBig = group.x % groupsAcross * shape.across;
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let end = min(pixels, (split + 1u) * splitPixels(pixels));
  // The slice of the big images follows that of the small ones.
  let bigStart = invocations;
  let bigCount = (layer.stride * (shape.pixels - 1u) + 3u) * shape.across;
  let column = local % shape.across;
  let row = local / shape.across % shape.down;
  let ownPixel = local / (shape.across * shape.down) * shape.each;
  var left = mat4x4f();
  var middle = mat4x4f();
  var right = mat4x4f();
  for (var first = split * splitPixels(pixels); first < end; first += shape.pixels) {
    // Past the split's end the small images count as zeros.
    let pixel = first + local / shape.down;
    let small = smallQuad(min(pixel, end - 1u) * layer.smallQuads + min(firstSmall + local % shape.down, layer.smallQuads - 1u));
    let b0 = bigSlice(local, shape, tapRow, first, firstBig);
    let b1 = bigSlice(local + invocations, shape, tapRow, first, firstBig);
    if (local < shape.pixels * shape.down) { slices[local] = select(vec4f(0.0), small, pixel < end); }
    if (local < bigCount) { slices[bigStart + local] = b0; }
    if (local + invocations < bigCount) { slices[bigStart + local + invocations] = b1; }
    if (local + 2u * invocations < bigCount) {
      slices[bigStart + local + 2u * invocations] = bigSlice(local + 2u * invocations, shape, tapRow, first, firstBig);
    }
    workgroupBarrier();
    var place = bigStart + layer.stride * ownPixel * shape.across + column;
    var before = slices[place];
    for (var p = ownPixel; p < ownPixel + shape.each; p++) {
      let s = slices[p * shape.down + row];
      let here = slices[place + shape.across];
      let after = slices[place + 2u * shape.across];
      left += mat4x4f(before * s.x, before * s.y, before * s.z, before * s.w);
      middle += mat4x4f(here * s.x, here * s.y, here * s.z, here * s.w);
      right += mat4x4f(after * s.x, after * s.y, after * s.z, after * s.w);
      before = select(after, here, layer.stride == 1u);
      place += layer.stride * shape.across;
    }
    workgroupBarrier();
  }
  let weights = Weights(split, 4u * (firstSmall + row), firstBig + column, tapRow);
  storeSums(Sums(left[0], middle[0], right[0]), weights, 0u, shape, local);
  storeSums(Sums(left[1], middle[1], right[1]), weights, 1u, shape, local);
  storeSums(Sums(left[2], middle[2], right[2]), weights, 2u, shape, local);
  storeSums(Sums(left[3], middle[3], right[3]), weights, 3u, shape, local);
}
