// Needs `layer` and `parameters`.

// The bias of four outputs, for four rows.
fn biasBlock(column: u32) -> mat4x4f {
  let bias = parameters[layer.biasOffset + column];
  return mat4x4f(bias, bias, bias, bias);
}
