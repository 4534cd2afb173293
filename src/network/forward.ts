import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { denseForward } from "../kernels/dense-forward.ts";
import { activationConstants } from "../kernels/uniforms.ts";
import { quads } from "../math/layout.ts";
import type { NetworkBuffers } from "./network-buffers.ts";

/** One dispatch a layer: from the batch in the first block of `activations` to the pictures in its last. */
export function forwardPass(
  gpu: Gpu,
  { layout, layers, parameters, activations }: NetworkBuffers,
): Promise<Dispatch[]> {
  return Promise.all(
    layers.map(async ({ spec, uniform }, index) => {
      const pipeline = await gpu.pipeline(denseForward, { ACTIVATION: activationConstants[spec.activation] });
      return bind(
        gpu.device,
        pipeline,
        { layer: uniform, parameters, activations },
        [quads(spec.outputs) / 2, layout.rowQuads / 2],
        `dense_forward(${index})`,
      );
    }),
  );
}
