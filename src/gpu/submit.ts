import { type Dispatch, encodeDispatch } from "./dispatch.ts";
import type { Gpu } from "./gpu.ts";
import type { Profiler } from "./profiler.ts";

/**
 * Encodes a list of dispatches, `times` times over, into one compute pass and submits it: the one place where the program
 * launches kernels. Dispatches of a pass run in order, each seeing what those before it wrote (WebGPU, "usage scopes"),
 * so no barriers are written. With a profiler every dispatch gets a pass of its own, since timestamps belong to passes.
 */
export function submit(gpu: Gpu, dispatches: readonly Dispatch[], times = 1, profiler?: Profiler): void {
  gpu.watch(() => {
    const encoder = gpu.device.createCommandEncoder({ label: "work" });
    if (profiler) {
      profiler.encode(encoder, dispatches, times);
    } else {
      const pass = encoder.beginComputePass({ label: "work" });
      for (let time = 0; time < times; time++) {
        for (const dispatch of dispatches) encodeDispatch(pass, dispatch);
      }
      pass.end();
    }
    gpu.device.queue.submit([encoder.finish()]);
  });
}
