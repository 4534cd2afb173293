#include "common.wgsl"

fn right() -> f32 {
  return shared_piece();
}
