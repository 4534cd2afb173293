import type { DeviceBuffer, Dispatch } from "../device/device.ts";
import { convBackward, convGradient, convLoss, parameterUpdate, upBackward } from "../kernels/conv.ts";
import {
  type ConvLayerSpec,
  gradientInvocations,
  partInvocations,
  tileInvocations,
} from "../kernels/conv-sizes.ts";
import { activationConstants, lossConstants } from "../kernels/dense.ts";
import { convFamily, lossFamily, productFamily } from "../kernels/family.ts";
import { optimizerConstants } from "../kernels/optimizer.ts";
import { blocksOf } from "../network/conv-dispatches.ts";
import type { DeviceLayer } from "../network/network-buffers.ts";
import { outputSize } from "../spec/layers.ts";
import type { StepParts } from "./step-parts.ts";

/** The last convolution with the loss and its gradient. */
export async function convLossDispatch(
  { device, family, loss, sweep, buffers }: StepParts,
  { spec, uniform }: DeviceLayer<"conv">,
): Promise<Dispatch> {
  const { layout, parameters } = buffers.network;
  const used = lossFamily(device, family);
  const pipeline = await device.pipeline(convLoss[used], {
    ACTIVATION: activationConstants[spec.activation],
    LOSS: lossConstants[loss],
    SAMPLE_BITS: buffers.targetBits,
    WEIGHT: buffers.countedWeight,
  });
  return pipeline.bind(
    {
      layer: uniform,
      blocks: blocksOf(buffers.network).logits,
      sweep: sweep.uniform,
      parameters,
      activations: buffers.activations,
      cleanBatch: buffers.target,
      cursor: sweep.cursor,
      gradients: buffers.gradients,
      partials: buffers.partials,
      counted: buffers.counted,
    },
    partInvocations(used, outputSize(spec), layout.batch),
  );
}

/** The gradients with respect to a convolution's input, unless that is the image, and its parameters. */
export async function convBackwardDispatches(
  parts: StepParts,
  layer: DeviceLayer<"conv">,
  index: number,
): Promise<Dispatch[]> {
  const gradient = await parameterGradient(parts, layer, index);
  if (index === 0) return [gradient];
  const { activations, gradients, network } = parts.buffers;
  const used = productFamily(parts.device, parts.family, layer.spec);
  const pipeline = await parts.device.pipeline(convBackward[used]);
  const inputGradient = pipeline.bind(
    { layer: layer.uniform, parameters: network.parameters, activations, gradients },
    tileInvocations(used, layer.spec, "scatter", network.layout.batch),
    `conv_backward(${index})`,
  );
  return [inputGradient, gradient];
}

/** The same for a transposed convolution. */
export async function upBackwardDispatches(
  parts: StepParts,
  layer: DeviceLayer<"up">,
  index: number,
): Promise<Dispatch[]> {
  const gradient = await parameterGradient(parts, layer, index);
  if (index === 0) return [gradient];
  const { activations, gradients, network } = parts.buffers;
  const used = convFamily(parts.device, parts.family);
  const pipeline = await parts.device.pipeline(upBackward[used]);
  const inputGradient = pipeline.bind(
    { layer: layer.uniform, parameters: network.parameters, activations, gradients },
    tileInvocations(used, layer.spec, "gather", network.layout.batch),
    `up_backward(${index})`,
  );
  return [inputGradient, gradient];
}

/** The gradient with respect to a convolution's parameters. */
async function parameterGradient(
  { device, family, buffers }: StepParts,
  { spec, uniform }: { readonly spec: ConvLayerSpec; readonly uniform: DeviceBuffer },
  index: number,
): Promise<Dispatch> {
  const { activations, gradients, parts, network } = buffers;
  const used = spec.kind === "conv" ? productFamily(device, family, spec) : convFamily(device, family);
  const pipeline = await device.pipeline(convGradient[used], { UP: spec.kind === "up" ? 1 : 0 });
  return pipeline.bind(
    { layer: uniform, activations, gradients, parts },
    gradientInvocations(used, spec, network.layout.gradientSplits),
    `conv_gradient(${index})`,
  );
}

/** Ends a step: updates all parameters. */
export async function updateConvolutions({
  device,
  optimizer,
  sweep,
  buffers,
}: StepParts): Promise<Dispatch> {
  const { layout, parameters } = buffers.network;
  const pipeline = await device.pipeline(parameterUpdate, { OPTIMIZER: optimizerConstants[optimizer] });
  return pipeline.bind(
    {
      sizes: buffers.sizes,
      sweep: sweep.uniform,
      optimizer: buffers.optimizer,
      partials: buffers.partials,
      rates: buffers.rates,
      parts: buffers.parts,
      parameters,
      moments: buffers.moments,
      metrics: sweep.metrics,
      cursor: sweep.cursor,
    },
    layout.parameterQuads + layout.rowQuads,
  );
}
