// Noise2Noise: selects which of an image's two noisy pictures is the input.
// Twin: shaders/lib/twins.wgsl.
import { philox } from "./philox";
import { Sweep } from "./sweep";

/** Separates this draw's counters from those of the noise. */
const swapDraw: u32 = 0x200;

/** Whether the image's two pictures are exchanged; `swap` is 1 if that is drawn. */
export function twinsSwapped(swap: u32, image: u32, sweep: Sweep): bool {
  if (swap === 0) return false;
  const words = philox(0, image, sweep.epoch, swapDraw, sweep.seed, sweep.noiseStream);
  return (i32x4.extract_lane(words, 0) & 1) === 1;
}
