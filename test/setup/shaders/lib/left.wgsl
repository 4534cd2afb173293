#include "common.wgsl"

fn left() -> f32 {
  return shared_piece();
}
