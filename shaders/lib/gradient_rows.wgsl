// Needs `gradients`.

// Four numbers of each of four rows, a row a column of the result.
fn gradientRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    gradients[index],
    gradients[index + stride],
    gradients[index + 2u * stride],
    gradients[index + 3u * stride],
  );
}
