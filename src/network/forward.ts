import type { Device, DeviceBuffer, Dispatch } from "../device/device.ts";
import { activationConstants, denseForward } from "../kernels/dense.ts";
import { type Family, resultGrid } from "../kernels/family.ts";
import type { LayerKind } from "../spec/layer-specs.ts";
import type { DeviceLayer, ForwardParts, NetworkBuffers } from "./network-buffers.ts";

/** The dispatch of a layer; `index` is its position in the network. The last convolution gives logits. */
type LayerForward<K extends LayerKind> = (
  parts: ForwardParts,
  layer: DeviceLayer<K>,
  index: number,
) => Promise<Dispatch>;

const kinds: { readonly [K in LayerKind]: LayerForward<K> } = {
  dense: async ({ device, family, network, activations, centre }, { spec, uniform }, index) => {
    const kernel = denseForward[family];
    const pipeline = await device.pipeline(kernel, {
      ACTIVATION: activationConstants[spec.activation],
      CENTRE: centre,
    });
    return pipeline.bind(
      { layer: uniform, parameters: network.parameters, activations },
      resultGrid(kernel, 4 * network.layout.rowQuads, spec.outputs),
      `dense_forward(${index})`,
    );
  },
  conv: async (parts, layer, index) => (await convolutions()).convForwardDispatch(parts, layer, index),
  up: async (parts, layer, index) => (await convolutions()).upForwardDispatch(parts, layer, index),
};

/** Loaded when first needed: most pages have no convolutions. */
function convolutions() {
  return import("./conv-dispatches.ts");
}

function forwardOf<K extends LayerKind>({ spec }: DeviceLayer<K>): LayerForward<K> {
  return kinds[spec.kind];
}

/**
 * The dispatches of each layer: from the batch in the first block of `activations` to the pictures in the last. With `end`,
 * only the layers before that one. `centre` is the value subtracted from the pictures to get the batch's values.
 */
export function forwardPass(
  device: Device,
  family: Family,
  network: NetworkBuffers,
  activations: DeviceBuffer,
  { end = network.layers.length, centre = 0 } = {},
): Promise<Dispatch[][]> {
  const parts = { device, family, network, activations, centre };
  const last = network.layers.length - 1;
  return Promise.all(
    network.layers
      .slice(0, end)
      .map(async (layer, index) => [
        ...(network.blocks && index === 0 ? [await (await convolutions()).enterPlanes(parts)] : []),
        await forwardOf(layer)(parts, layer, index),
        ...(network.blocks && index === last ? [await (await convolutions()).leavePlanes(parts)] : []),
      ]),
  );
}
