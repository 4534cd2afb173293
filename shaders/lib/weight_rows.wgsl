// Needs `parameters`.

// Four numbers from each of four rows; each row becomes a column of the result.
fn weightRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    parameters[index],
    parameters[index + stride],
    parameters[index + 2u * stride],
    parameters[index + 3u * stride],
  );
}
