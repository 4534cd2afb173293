import { shuffleOrder as kernel, shuffleUniform } from "../../../src/kernels/sweep.ts";
import { shuffleOrder } from "../../../src/reference/shuffle-order.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { exactly } from "./sweep-fixture.ts";

export function shuffleOrderCases(): KernelCase[] {
  return [1, 2, 3, 4, 5, 7, 8, 9, 127, 128, 129, 8000, 60_000].map((count, index) => {
    const seed = 0xfffffff0 + index;
    return kernelCase({
      name: `shuffle_order ${count}`,
      kernel,
      buffers: { shuffle: shuffleUniform(count, seed, index), order: new Uint32Array(count) },
      invocations: count,
      expected: { order: exactly(shuffleOrder(count, seed, index)) },
    });
  });
}
