// The order in which an epoch visits its images: order[p] = permutation by (seed, epoch) at p.
//
//   shuffle  Shuffle
//   order    [count] u32   image numbers
//
// Job: 64 positions.
// Twin: shaders/shuffle_order.wgsl. Reference: src/reference/shuffle-order.ts
import { permute } from "./lib/permutation";

// @ts-ignore: decorator
@unmanaged
class Shuffle {
  count: u32;
  seed: u32;
  shuffleStream: u32;
  epoch: u32;
}

export function shuffle_order(first: u32, end: u32, across: u32, shuffle: Shuffle, order: usize): void {
  const last = min(64 * end, shuffle.count);
  for (let position = 64 * first; position < last; position++) {
    const image = permute(position, shuffle.count, shuffle.seed, shuffle.shuffleStream, shuffle.epoch);
    store<u32>(order + 4 * <usize>position, image);
  }
}
