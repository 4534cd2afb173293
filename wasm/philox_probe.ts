// The generator alone, for tests against its published answers: words[i] = philox(counters[i], keys[i]).
//
//   counters  [count, 4] u32
//   keys      [count, 2] u32
//   words     [count, 4] u32
//
// Job: one counter.
// Twin: test/kernels/philox_probe.wgsl. Reference: test/kernels/philox-known-answers.ts
import { philox } from "./lib/philox";

export function philox_probe(first: u32, end: u32, across: u32, counters: usize, keys: usize, words: usize): void {
  for (let job: usize = first; job < end; job++) {
    const counter = counters + 16 * job;
    const key = keys + 8 * job;
    const drawn = philox(
      load<u32>(counter),
      load<u32>(counter, 4),
      load<u32>(counter, 8),
      load<u32>(counter, 12),
      load<u32>(key),
      load<u32>(key, 4),
    );
    v128.store(words + 16 * job, drawn);
  }
}
