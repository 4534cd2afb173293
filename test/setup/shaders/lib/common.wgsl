// The piece that both halves include.
fn shared_piece() -> f32 {
  return 1.0; // one
}
