// Shifts a training image by whole pixels, drawn for every image and epoch.
// Twin: shaders/lib/shift.wgsl.
import { multiplyHigh, philox } from "./philox";
import { Sweep } from "./sweep";

/** Separates this draw's counters from those of the noise and of the twins. */
const shiftDraw: u32 = 0x300;

/** The words that an image's shift is drawn from. */
export function shiftWords(image: u32, sweep: Sweep): v128 {
  return philox(0, image, sweep.epoch, shiftDraw, sweep.seed, sweep.noiseStream);
}

/** Rows down (by word 0) or columns to the right (by word 1), at most `most`. */
// @ts-ignore: decorator
@inline
export function shiftBy(word: u32, most: u32): i32 {
  return <i32>multiplyHigh(word, 2 * most + 1) - <i32>most;
}
