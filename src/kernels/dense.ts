import denseBackwardTile8 from "../../shaders/dense_backward.tile8.wgsl";
import denseBackwardTile16 from "../../shaders/dense_backward.tile16.wgsl";
import denseBackwardWorkgroup from "../../shaders/dense_backward.workgroup.wgsl";
import denseForwardTile8 from "../../shaders/dense_forward.tile8.wgsl";
import denseForwardTile16 from "../../shaders/dense_forward.tile16.wgsl";
import denseForwardWorkgroup from "../../shaders/dense_forward.workgroup.wgsl";
import denseLossTile8 from "../../shaders/dense_loss.tile8.wgsl";
import denseLossTile16 from "../../shaders/dense_loss.tile16.wgsl";
import denseLossWorkgroup from "../../shaders/dense_loss.workgroup.wgsl";
import weightUpdateTile8 from "../../shaders/weight_update.tile8.wgsl";
import weightUpdateTile16 from "../../shaders/weight_update.tile16.wgsl";
import weightUpdateWorkgroup from "../../shaders/weight_update.workgroup.wgsl";
import type { LayerLayout, NetworkLayout } from "../math/layout.ts";
import type { ActivationName } from "../spec/layer-specs.ts";
import { endsOf } from "../spec/network.ts";
import type { LossName } from "../spec/settings.ts";
import { defineFamilies } from "./family.ts";

/** A dense layer, forward. */
export const denseForward = /* @__PURE__ */ defineFamilies(
  "dense_forward",
  "columns and rows",
  {
    layer: "uniform",
    parameters: "read",
    activations: "readWrite",
  },
  { tile8: denseForwardTile8, tile16: denseForwardTile16, workgroup: denseForwardWorkgroup },
  { CENTRE: 0, ACTIVATION: 0 },
);

/** A dense layer, backward: the gradient with respect to its input. */
export const denseBackward = /* @__PURE__ */ defineFamilies(
  "dense_backward",
  "columns and rows",
  {
    layer: "uniform",
    parameters: "read",
    activations: "read",
    gradients: "readWrite",
  },
  { tile8: denseBackwardTile8, tile16: denseBackwardTile16, workgroup: denseBackwardWorkgroup },
);

/** The last dense layer with the loss and its gradient. */
export const denseLoss = /* @__PURE__ */ defineFamilies(
  "dense_loss",
  "columns and rows",
  {
    layer: "uniform",
    sweep: "uniform",
    parameters: "read",
    activations: "read",
    cleanBatch: "read",
    cursor: "readWrite",
    gradients: "readWrite",
    partials: "readWrite",
  },
  { tile8: denseLossTile8, tile16: denseLossTile16, workgroup: denseLossWorkgroup },
  { SAMPLE_BITS: 8, CENTRE: 0, LOSS: 0, ACTIVATION: 1 },
);

/** Ends a training step: the gradient of every weight and the optimizer's update. */
export const weightUpdate = /* @__PURE__ */ defineFamilies(
  "weight_update",
  "line",
  {
    layers: "uniform",
    sweep: "uniform",
    optimizer: "uniform",
    activations: "read",
    gradients: "read",
    partials: "read",
    rates: "read",
    parameters: "readWrite",
    moments: "readWrite",
    metrics: "readWrite",
    cursor: "readWrite",
  },
  { tile8: weightUpdateTile8, tile16: weightUpdateTile16, workgroup: weightUpdateWorkgroup },
  { OPTIMIZER: 0 },
);

/** `ACTIVATION` in shaders/lib/dense_forward.wgsl and shaders/lib/dense_loss.wgsl. */
export const activationConstants = {
  relu: 0,
  sigmoid: 1,
  linear: 2,
  residual: 3,
} as const satisfies Record<ActivationName, number>;

/** `LOSS` in shaders/lib/loss.wgsl. */
export const lossConstants = { bce: 0, mse: 1 } as const satisfies Record<LossName, number>;

/** The bytes of `struct Layer` in shaders/lib/layer.wgsl. */
const layerBytes = 48;

/**
 * The size of the layer table in shaders/lib/weight_update.wgsl; networkLimits.depth leaves one entry for the output
 * layer.
 */
const maxLayers = 16;

/** `struct Layer`: 12 words, the last two of them padding. */
export function layerUniform(layer: LayerLayout): Uint32Array<ArrayBuffer> {
  const { inputs, outputs } = endsOf([layer.spec]);
  return Uint32Array.from([
    inputs,
    outputs,
    layer.rowQuads,
    layer.inputOffset,
    layer.outputOffset,
    layer.weightOffset,
    layer.biasOffset,
    layer.gradientOffset,
    layer.inputGradientOffset,
    layer.firstTile,
    0,
    0,
  ]);
}

/** `struct Layers` in shaders/lib/weight_update.wgsl. */
export function layersUniform({ layers, weightTiles }: NetworkLayout): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(4 + (maxLayers * layerBytes) / 4);
  words.set([layers.length, weightTiles]);
  layers.forEach((layer, index) => {
    words.set(layerUniform(layer), 4 + (index * layerBytes) / 4);
  });
  return words;
}
