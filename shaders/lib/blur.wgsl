// Gaussian blur. Beyond the picture's edge, the outermost pixels are repeated. The including kernel defines how to read a
// picture, including beyond its edge:
//   fn pixelAt(picture: u32, row: i32, column: i32, channel: u32) -> f32
// Reference: src/reference/blur.ts.

// Four values in reading order, from number `first` on, of a picture of this width. sigma is at most 3 pixels.
fn blurred(picture: u32, first: u32, columns: u32, channels: u32, sigma: f32) -> vec4f {
  let values = vec4u(first) + vec4u(0u, 1u, 2u, 3u);
  let channel = values % vec4u(channels);
  let column = vec4i((values / vec4u(channels)) % vec4u(columns));
  let row = vec4i(values / vec4u(columns * channels));
  let reach = min(9, i32(ceil(3.0 * sigma)));
  // At sigma 0 there is one weight, exp(0).
  let narrowness = 0.5 / max(sigma * sigma, 1e-12);
  var sum = vec4f(0.0);
  var total = 0.0;
  for (var y = -reach; y <= reach; y++) {
    for (var x = -reach; x <= reach; x++) {
      let weight = exp(-narrowness * f32(y * y + x * x));
      total += weight;
      sum += weight * vec4f(
        pixelAt(picture, row.x + y, column.x + x, channel.x),
        pixelAt(picture, row.y + y, column.y + x, channel.y),
        pixelAt(picture, row.z + y, column.z + x, channel.z),
        pixelAt(picture, row.w + y, column.w + x, channel.w),
      );
    }
  }
  return sum / total;
}
