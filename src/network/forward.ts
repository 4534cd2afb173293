import type { Device, DeviceBuffer, Dispatch } from "../device/device.ts";
import {
  channelsToPixels,
  convForward,
  convSizes,
  pixelsToChannels,
  tileInvocations,
  upForward,
} from "../kernels/conv.ts";
import { activationConstants, denseForward } from "../kernels/dense.ts";
import { type Family, resultGrid } from "../kernels/family.ts";
import { last } from "../math/last.ts";
import { planeBlock } from "../math/layout.ts";
import { type LayerKind, outputSize } from "../spec/layers.ts";
import type { DeviceLayer, NetworkBuffers } from "./network-buffers.ts";

/** The buffers and settings that the dispatches of a forward pass are bound to. */
interface ForwardParts {
  readonly device: Device;
  readonly family: Family;
  readonly network: NetworkBuffers;
  readonly activations: DeviceBuffer;
  /** The value subtracted from the pictures to get the batch's values. */
  readonly centre: number;
}

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
  conv: async ({ device, network, activations }, { spec, uniform }, index) => {
    const { parameters, layout } = network;
    const pipeline = await device.pipeline(convForward, {
      ACTIVATION: activationConstants[spec.activation === "relu" ? "relu" : "linear"],
    });
    return pipeline.bind(
      { layer: uniform, parameters, activations },
      tileInvocations(outputSize(spec), spec.channels, layout.batch),
      `conv_forward(${index})`,
    );
  },
  up: async ({ device, network, activations }, { spec, uniform }, index) => {
    const { parameters, layout } = network;
    const pipeline = await device.pipeline(upForward, { ACTIVATION: activationConstants.relu });
    return pipeline.bind(
      { layer: uniform, parameters, activations },
      tileInvocations(convSizes(spec).small, spec.channels, layout.batch),
      `up_forward(${index})`,
    );
  },
};

function forwardOf<K extends LayerKind>({ spec }: DeviceLayer<K>): LayerForward<K> {
  return kinds[spec.kind];
}

/** The pictures of the batch as planes, which convolutions begin with. */
async function enterPlanes({ device, network, activations }: ForwardParts): Promise<Dispatch[]> {
  if (!network.blocks) return [];
  const { image, channels } = network.layout.network;
  const size = { rows: image[0], columns: image[1], channels };
  const pipeline = await device.pipeline(pixelsToChannels);
  const invocations = planeBlock(size, network.layout.batch).pixels;
  return [pipeline.bind({ blocks: network.blocks.input, activations }, invocations)];
}

/** The logits as pictures, which convolutions end with. */
async function leavePlanes({ device, network, activations }: ForwardParts): Promise<Dispatch[]> {
  if (!network.blocks) return [];
  const { imageWords, batch } = network.layout;
  const { activation } = last(network.layers).spec;
  const pipeline = await device.pipeline(channelsToPixels, { ACTIVATION: activationConstants[activation] });
  return [pipeline.bind({ blocks: network.blocks.logits, activations }, [imageWords, batch])];
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
  return Promise.all(
    network.layers
      .slice(0, end)
      .map(async (layer, index) => [
        ...(index === 0 ? await enterPlanes(parts) : []),
        await forwardOf(layer)(parts, layer, index),
        ...(index === network.layers.length - 1 ? await leavePlanes(parts) : []),
      ]),
  );
}
