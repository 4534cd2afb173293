import channelsToPixelsCode from "../../shaders/channels_to_pixels.wgsl";
import convBackwardSubgroup from "../../shaders/conv_backward.subgroup.wgsl";
import convBackwardTile8 from "../../shaders/conv_backward.tile8.wgsl";
import convBackwardTile16 from "../../shaders/conv_backward.tile16.wgsl";
import convBackwardWorkgroup from "../../shaders/conv_backward.workgroup.wgsl";
import convForwardSubgroup from "../../shaders/conv_forward.subgroup.wgsl";
import convForwardTile8 from "../../shaders/conv_forward.tile8.wgsl";
import convForwardTile16 from "../../shaders/conv_forward.tile16.wgsl";
import convForwardWorkgroup from "../../shaders/conv_forward.workgroup.wgsl";
import convGradientSubgroup from "../../shaders/conv_gradient.subgroup.wgsl";
import convGradientTile8 from "../../shaders/conv_gradient.tile8.wgsl";
import convGradientTile16 from "../../shaders/conv_gradient.tile16.wgsl";
import convGradientWorkgroup from "../../shaders/conv_gradient.workgroup.wgsl";
import convLossTile8 from "../../shaders/conv_loss.tile8.wgsl";
import convLossWorkgroup from "../../shaders/conv_loss.workgroup.wgsl";
import parameterUpdateCode from "../../shaders/parameter_update.wgsl";
import pixelsToChannelsCode from "../../shaders/pixels_to_channels.wgsl";
import upBackwardTile8 from "../../shaders/up_backward.tile8.wgsl";
import upBackwardTile16 from "../../shaders/up_backward.tile16.wgsl";
import upBackwardWorkgroup from "../../shaders/up_backward.workgroup.wgsl";
import upForwardTile8 from "../../shaders/up_forward.tile8.wgsl";
import upForwardTile16 from "../../shaders/up_forward.tile16.wgsl";
import upForwardWorkgroup from "../../shaders/up_forward.workgroup.wgsl";
import { defineKernel } from "../device/kernel.ts";
import { defineConvFamilies } from "./family.ts";

/** Invocations of a workgroup of the families tile8 and tile16. Each computes a tile of 8 pixels x 8 channels, or 16 x 16. */
const tiles = 16;

/** A convolution, forward. */
export const convForward = /* @__PURE__ */ defineConvFamilies({
  name: "conv_forward",
  code: {
    tile8: convForwardTile8,
    tile16: convForwardTile16,
    workgroup: convForwardWorkgroup,
    subgroup: convForwardSubgroup,
  },
  workgroups: { tile8: [tiles, 1], tile16: [tiles, 1], workgroup: [64, 1], subgroup: [tiles, 1] },
  bindings: { layer: "uniform", parameters: "read", activations: "readWrite" },
  constants: { ACTIVATION: 0 },
});

/** A transposed convolution, forward. */
export const upForward = /* @__PURE__ */ defineConvFamilies({
  name: "up_forward",
  code: { tile8: upForwardTile8, tile16: upForwardTile16, workgroup: upForwardWorkgroup },
  workgroups: { tile8: [tiles, 1], tile16: [tiles, 1], workgroup: [64, 1] },
  bindings: { layer: "uniform", parameters: "read", activations: "readWrite" },
  constants: { ACTIVATION: 0 },
});

/** A convolution, backward: the gradient with respect to its input. */
export const convBackward = /* @__PURE__ */ defineConvFamilies({
  name: "conv_backward",
  code: {
    tile8: convBackwardTile8,
    tile16: convBackwardTile16,
    workgroup: convBackwardWorkgroup,
    subgroup: convBackwardSubgroup,
  },
  workgroups: { tile8: [tiles, 1], tile16: [tiles, 1], workgroup: [64, 1], subgroup: [tiles, 1] },
  bindings: { layer: "uniform", parameters: "read", activations: "read", gradients: "readWrite" },
});

/** A transposed convolution, backward. */
export const upBackward = /* @__PURE__ */ defineConvFamilies({
  name: "up_backward",
  code: { tile8: upBackwardTile8, tile16: upBackwardTile16, workgroup: upBackwardWorkgroup },
  workgroups: { tile8: [tiles, 1], tile16: [tiles, 1], workgroup: [64, 1] },
  bindings: { layer: "uniform", parameters: "read", activations: "read", gradients: "readWrite" },
});

const loss = {
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
    counted: "read",
  },
  constants: { SAMPLE_BITS: 8, LOSS: 0, ACTIVATION: 1, WEIGHT: 0 },
} as const;

/** The last convolution with the loss and its gradient. */
export const convLoss = {
  tile8: /* @__PURE__ */ defineKernel({
    ...{ name: "conv_loss.tile8", code: convLossTile8, workgroup: [4, 4] },
    ...loss,
  }),
  workgroup: /* @__PURE__ */ defineKernel({
    ...{ name: "conv_loss.workgroup", code: convLossWorkgroup, workgroup: [64, 1] },
    ...loss,
  }),
};

/** The gradient of a convolution's parameters, in parts. */
export const convGradient = /* @__PURE__ */ defineConvFamilies({
  name: "conv_gradient",
  code: {
    tile8: convGradientTile8,
    tile16: convGradientTile16,
    workgroup: convGradientWorkgroup,
    subgroup: convGradientSubgroup,
  },
  workgroups: { tile8: [4, 4], tile16: [2, 2], workgroup: [256, 1], subgroup: [4, 1] },
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
