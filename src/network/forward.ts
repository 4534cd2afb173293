import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { denseForward } from "../kernels/dense-forward.ts";
import { type Family, resultGrid } from "../kernels/family.ts";
import { activationConstants } from "../kernels/uniforms.ts";
import type { NetworkBuffers } from "./network-buffers.ts";

/**
 * One dispatch a layer: from the batch in the first block of `activations` to the pictures in its last. With `end`, only the
 * layers before that one. `centre` is what the batch's values are less than the pictures'.
 */
export function forwardPass(
  gpu: Gpu,
  family: Family,
  { layout, layers, parameters }: NetworkBuffers,
  activations: GPUBuffer,
  { end = layers.length, centre = 0 } = {},
): Promise<Dispatch[]> {
  return Promise.all(
    layers.slice(0, end).map(async ({ spec, uniform }, index) => {
      const kernel = denseForward[family];
      const pipeline = await gpu.pipeline(kernel, {
        ACTIVATION: activationConstants[spec.activation],
        CENTRE: centre,
      });
      return bind(
        gpu.device,
        pipeline,
        { layer: uniform, parameters, activations },
        resultGrid(kernel, 4 * layout.rowQuads, spec.outputs),
        `dense_forward(${index})`,
      );
    }),
  );
}
