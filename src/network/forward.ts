import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { activationConstants, denseForward } from "../kernels/dense.ts";
import { type Family, resultGrid } from "../kernels/family.ts";
import type { LayerKind } from "../spec/layers.ts";
import type { DeviceLayer, NetworkBuffers } from "./network-buffers.ts";

/** What the dispatches of a forward pass are bound to. */
interface ForwardParts {
  readonly gpu: Gpu;
  readonly family: Family;
  readonly network: NetworkBuffers;
  readonly activations: GPUBuffer;
  /** What the batch's values are less than the pictures'. */
  readonly centre: number;
}

/** The dispatch of a layer; `index` is its place in the network. */
type LayerForward<K extends LayerKind> = (
  parts: ForwardParts,
  layer: DeviceLayer<K>,
  index: number,
) => Promise<Dispatch>;

const kinds: { readonly [K in LayerKind]: LayerForward<K> } = {
  dense: async ({ gpu, family, network, activations, centre }, { spec, uniform }, index) => {
    const kernel = denseForward[family];
    const pipeline = await gpu.pipeline(kernel, {
      ACTIVATION: activationConstants[spec.activation],
      CENTRE: centre,
    });
    return bind(
      gpu.device,
      pipeline,
      { layer: uniform, parameters: network.parameters, activations },
      resultGrid(kernel, 4 * network.layout.rowQuads, spec.outputs),
      `dense_forward(${index})`,
    );
  },
};

function forwardOf<K extends LayerKind>({ spec }: DeviceLayer<K>): LayerForward<K> {
  return kinds[spec.kind];
}

/**
 * One dispatch a layer: from the batch in the first block of `activations` to the pictures in its last. With `end`, only the
 * layers before that one. `centre` is what the batch's values are less than the pictures'.
 */
export function forwardPass(
  gpu: Gpu,
  family: Family,
  network: NetworkBuffers,
  activations: GPUBuffer,
  { end = network.layers.length, centre = 0 } = {},
): Promise<Dispatch[]> {
  const parts = { gpu, family, network, activations, centre };
  return Promise.all(
    network.layers.slice(0, end).map((layer, index) => forwardOf(layer)(parts, layer, index)),
  );
}
