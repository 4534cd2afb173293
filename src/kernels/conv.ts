import channelsToPixelsCode from "../../shaders/channels_to_pixels.wgsl";
import convBackwardCode from "../../shaders/conv_backward.wgsl";
import convForwardCode from "../../shaders/conv_forward.wgsl";
import convGradientCode from "../../shaders/conv_gradient.wgsl";
import convLossCode from "../../shaders/conv_loss.wgsl";
import parameterUpdateCode from "../../shaders/parameter_update.wgsl";
import pixelsToChannelsCode from "../../shaders/pixels_to_channels.wgsl";
import upBackwardCode from "../../shaders/up_backward.wgsl";
import upForwardCode from "../../shaders/up_forward.wgsl";
import { defineKernel } from "../device/kernel.ts";

/** Invocations of a workgroup of products. Each computes a tile of 8 pixels x 8 channels. */
const tiles = 16;

/** A convolution, forward. */
export const convForward = /* @__PURE__ */ defineKernel({
  name: "conv_forward",
  code: convForwardCode,
  workgroup: [tiles, 1],
  bindings: { layer: "uniform", parameters: "read", activations: "readWrite" },
  constants: { ACTIVATION: 0 },
});

/** A transposed convolution, forward. */
export const upForward = /* @__PURE__ */ defineKernel({
  name: "up_forward",
  code: upForwardCode,
  workgroup: [tiles, 1],
  bindings: { layer: "uniform", parameters: "read", activations: "readWrite" },
  constants: { ACTIVATION: 0 },
});

/** A convolution, backward: the gradient with respect to its input. */
export const convBackward = /* @__PURE__ */ defineKernel({
  name: "conv_backward",
  code: convBackwardCode,
  workgroup: [tiles, 1],
  bindings: { layer: "uniform", parameters: "read", activations: "read", gradients: "readWrite" },
});

/** A transposed convolution, backward. */
export const upBackward = /* @__PURE__ */ defineKernel({
  name: "up_backward",
  code: upBackwardCode,
  workgroup: [tiles, 1],
  bindings: { layer: "uniform", parameters: "read", activations: "read", gradients: "readWrite" },
});

/** The last convolution with the loss and its gradient. */
export const convLoss = /* @__PURE__ */ defineKernel({
  name: "conv_loss",
  code: convLossCode,
  workgroup: [4, 4],
  bindings: {
    layer: "uniform",
    blocks: "uniform",
    sweep: "uniform",
    parameters: "read",
    activations: "read",
    cleanBatch: "read",
    cursor: "readWrite",
    gradients: "readWrite",
    partials: "readWrite",
  },
  constants: { LOSS: 0, ACTIVATION: 1 },
});

/** The gradient of a convolution's parameters, in parts. */
export const convGradient = /* @__PURE__ */ defineKernel({
  name: "conv_gradient",
  code: convGradientCode,
  workgroup: [4, 4],
  bindings: { layer: "uniform", activations: "read", gradients: "read", parts: "readWrite" },
  constants: { UP: 0 },
});

/** Ends a training step of convolutions: the optimizer's update of every parameter. */
export const parameterUpdate = /* @__PURE__ */ defineKernel({
  name: "parameter_update",
  code: parameterUpdateCode,
  workgroup: [64, 1],
  bindings: {
    sizes: "uniform",
    sweep: "uniform",
    optimizer: "uniform",
    partials: "read",
    rates: "read",
    parts: "read",
    parameters: "readWrite",
    moments: "readWrite",
    metrics: "readWrite",
    cursor: "readWrite",
  },
  constants: { OPTIMIZER: 0 },
});

/** The pictures of a batch as planes. */
export const pixelsToChannels = /* @__PURE__ */ defineKernel({
  name: "pixels_to_channels",
  code: pixelsToChannelsCode,
  workgroup: [tiles, 1],
  bindings: { blocks: "uniform", activations: "readWrite" },
});

/** The network's output as pictures. */
export const channelsToPixels = /* @__PURE__ */ defineKernel({
  name: "channels_to_pixels",
  code: channelsToPixelsCode,
  workgroup: [8, 8],
  bindings: { blocks: "uniform", activations: "readWrite" },
  constants: { ACTIVATION: 1 },
});
