import { philox } from "../math/philox.ts";
import type { NoiseKey } from "./noise-draws.ts";

/** Separates this draw's counters from those of the noise. */
const swapDraw = 0x200;

/** Whether Noise2Noise swaps an image's two pictures. The reference for shaders/lib/twins.wgsl. */
export function twinsSwapped(image: number, { seed, stream, epoch }: NoiseKey): boolean {
  return (philox([0, image, epoch, swapDraw], [seed, stream])[0] & 1) === 1;
}
