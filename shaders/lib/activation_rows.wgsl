// Needs `activations`.

// Four numbers from each of four rows; each row becomes a column of the result.
fn activationRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    activations[index],
    activations[index + stride],
    activations[index + 2u * stride],
    activations[index + 3u * stride],
  );
}
