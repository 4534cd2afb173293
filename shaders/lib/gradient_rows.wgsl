// Needs `gradients`.

// Four numbers from each of four rows; each row becomes a column of the result.
fn gradientRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    gradients[index],
    gradients[index + stride],
    gradients[index + 2u * stride],
    gradients[index + 3u * stride],
  );
}
