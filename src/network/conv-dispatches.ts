import type { Dispatch } from "../device/device.ts";
import { channelsToPixels, convForward, pixelsToChannels, upForward } from "../kernels/conv.ts";
import { tileInvocations } from "../kernels/conv-sizes.ts";
import { activationConstants } from "../kernels/dense.ts";
import { convFamily, productFamily } from "../kernels/family.ts";
import { last } from "../math/last.ts";
import { planeBlock } from "../math/layout.ts";
import type { DeviceLayer, ForwardParts } from "./network-buffers.ts";

/** A convolution; the last one gives logits. `index` is its position in the network. */
export async function convForwardDispatch(
  { device, family, network, activations }: ForwardParts,
  { spec, uniform }: DeviceLayer<"conv">,
  index: number,
): Promise<Dispatch> {
  const { parameters, layout } = network;
  const used = productFamily(device, family, spec);
  const pipeline = await device.pipeline(convForward[used], {
    ACTIVATION: activationConstants[spec.activation === "relu" ? "relu" : "linear"],
  });
  return pipeline.bind(
    { layer: uniform, parameters, activations },
    tileInvocations(used, spec, "gather", layout.batch),
    `conv_forward(${index})`,
  );
}

/** A transposed convolution. */
export async function upForwardDispatch(
  { device, family, network, activations }: ForwardParts,
  { spec, uniform }: DeviceLayer<"up">,
  index: number,
): Promise<Dispatch> {
  const { parameters, layout } = network;
  const used = convFamily(device, family);
  const pipeline = await device.pipeline(upForward[used], { ACTIVATION: activationConstants.relu });
  return pipeline.bind(
    { layer: uniform, parameters, activations },
    tileInvocations(used, spec, "scatter", layout.batch),
    `up_forward(${index})`,
  );
}

/** The pictures of the batch as planes, which convolutions begin with. */
export async function enterPlanes({ device, network, activations }: ForwardParts): Promise<Dispatch> {
  const { image, block } = network.layout.network;
  const size = { rows: image[0] / block, columns: image[1] / block, channels: 1 };
  const pipeline = await device.pipeline(pixelsToChannels);
  const invocations = planeBlock(size, network.layout.batch).pixels;
  return pipeline.bind({ blocks: blocksOf(network).input, activations }, invocations);
}

/** The logits as pictures, which convolutions end with. */
export async function leavePlanes({ device, network, activations }: ForwardParts): Promise<Dispatch> {
  const { imageWords, batch } = network.layout;
  const { activation } = last(network.layers).spec;
  const pipeline = await device.pipeline(channelsToPixels, { ACTIVATION: activationConstants[activation] });
  return pipeline.bind({ blocks: blocksOf(network).logits, activations }, [imageWords, batch]);
}

/** The `struct PixelBlocks` of a network of convolutions. */
export function blocksOf({ blocks }: ForwardParts["network"]) {
  if (!blocks) throw new RangeError("A network of dense layers has no planes.");
  return blocks;
}
