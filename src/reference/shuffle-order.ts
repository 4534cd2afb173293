import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";

/** The order [count] in which an epoch (from 0) visits its images. */
export function shuffleOrder(count: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  const shuffle = permutation(count, seed, streams.shuffle, epoch);
  return Uint32Array.from({ length: count }, (_, position) => permute(shuffle, position));
}
