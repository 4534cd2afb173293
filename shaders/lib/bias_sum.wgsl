// The gradient of a bias. Needs the buffers and functions of conv_gradient.wgsl.

// The sum over a split of a quad of dY.
fn sumBias(split: u32, quad: u32) -> vec4f {
  var sum = vec4f(0.0);
  if (UP == 1u) {
    let pixels = planePixels(layer.images, layer.bigRows, layer.bigColumns);
    let count = splitPixels(pixels);
    for (var pixel = split * count; pixel < min(pixels, (split + 1u) * count); pixel++) {
      sum += bigQuad(pixel * layer.bigQuads + quad);
    }
  } else {
    let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
    let count = splitPixels(pixels);
    for (var pixel = split * count; pixel < min(pixels, (split + 1u) * count); pixel++) {
      sum += smallQuad(pixel * layer.smallQuads + quad);
    }
  }
  return sum;
}
