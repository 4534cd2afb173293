import type { Device, Dispatch } from "../device/device.ts";
import {
  activationConstants,
  denseBackward,
  denseLoss,
  lossConstants,
  weightUpdate,
} from "../kernels/dense.ts";
import { type Family, resultGrid } from "../kernels/family.ts";
import { optimizerConstants } from "../kernels/optimizer.ts";
import { batchMetrics } from "../kernels/sweep.ts";
import { last } from "../math/last.ts";
import { forwardPass } from "../network/forward.ts";
import type { DeviceLayer } from "../network/network-buffers.ts";
import type { LayerKind } from "../spec/layers.ts";
import type { OptimizerName } from "../spec/optimizer.ts";
import type { LossName } from "../spec/settings.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** The resources that the dispatches of a step are bound to. */
export interface StepParts {
  readonly device: Device;
  /** The implementation of products. */
  readonly family: Family;
  readonly loss: LossName;
  readonly optimizer: OptimizerName;
  /** The value subtracted from the gathered pixels. */
  readonly centre: number;
  readonly buffers: StepBuffers;
  readonly sweep: SweepBuffers;
  /** Gathers the sweep's next batch. */
  readonly gather: Dispatch;
}

/** The dispatches of a layer of each kind, apart from its forward pass. */
interface KindDispatches<K extends LayerKind> {
  /** The layer as the network's last, with the loss and its gradient. */
  readonly loss: (parts: StepParts, layer: DeviceLayer<K>) => Promise<Dispatch>;
  /** The gradient with respect to the layer's input; `index` is its position in the network. */
  readonly backward: (parts: StepParts, layer: DeviceLayer<K>, index: number) => Promise<Dispatch>;
}

const kinds: { readonly [K in LayerKind]: KindDispatches<K> } = {
  dense: {
    loss: async ({ device, family, loss, centre, sweep, buffers }, { spec, uniform }) => {
      const { layout, parameters } = buffers.network;
      const kernel = denseLoss[family];
      const pipeline = await device.pipeline(kernel, {
        ACTIVATION: activationConstants[spec.activation],
        LOSS: lossConstants[loss],
        CENTRE: centre,
      });
      return pipeline.bind(
        {
          layer: uniform,
          sweep: sweep.uniform,
          parameters,
          activations: buffers.activations,
          cleanBatch: buffers.cleanBatch,
          cursor: sweep.cursor,
          gradients: buffers.gradients,
          partials: buffers.partials,
        },
        resultGrid(kernel, 4 * layout.rowQuads, spec.outputs),
      );
    },
    backward: async ({ device, family, buffers }, { spec, uniform }, index) => {
      const { activations, gradients } = buffers;
      const { layout, parameters } = buffers.network;
      const kernel = denseBackward[family];
      const pipeline = await device.pipeline(kernel);
      return pipeline.bind(
        { layer: uniform, parameters, activations, gradients },
        resultGrid(kernel, 4 * layout.rowQuads, spec.inputs),
        `dense_backward(${index})`,
      );
    },
  },
};

function dispatchesOf<K extends LayerKind>({ spec }: DeviceLayer<K>): KindDispatches<K> {
  return kinds[spec.kind];
}

/**
 * One training step of an L-layer network, 2 L + 1 dispatches:
 * gather the batch | L - 1 layers forward | the last layer with loss and gradient | L - 1 layers backward | update all.
 */
export function trainingStep(parts: StepParts): Promise<Dispatch[]> {
  return inOrder([
    parts.gather,
    hiddenForward(parts),
    outputLoss(parts),
    hiddenBackward(parts),
    updateAll(parts),
  ]);
}

/** One validation step: forward and loss as in training, then the batch's metrics. */
export function validationStep(parts: StepParts): Promise<Dispatch[]> {
  return inOrder([parts.gather, hiddenForward(parts), outputLoss(parts), endValidationStep(parts)]);
}

/** The dispatches in this order, after their kernels are compiled; all kernels are requested at once. */
async function inOrder(parts: readonly (Dispatch | Promise<Dispatch | Dispatch[]>)[]): Promise<Dispatch[]> {
  return (await Promise.all(parts)).flat();
}

/** The layers before the last. */
function hiddenForward({ device, family, centre, buffers }: StepParts): Promise<Dispatch[]> {
  const end = buffers.network.layers.length - 1;
  return forwardPass(device, family, buffers.network, buffers.activations, { end, centre });
}

/** The last layer of the network with its loss. */
function outputLoss(parts: StepParts): Promise<Dispatch> {
  const layer = last(parts.buffers.network.layers);
  return dispatchesOf(layer).loss(parts, layer);
}

/** From the last layer to the second: the first layer's input needs no gradient. */
async function hiddenBackward(parts: StepParts): Promise<Dispatch[]> {
  const [, ...layers] = parts.buffers.network.layers;
  const dispatches = layers.map((layer, index) => dispatchesOf(layer).backward(parts, layer, index + 1));
  return (await Promise.all(dispatches)).reverse();
}

async function updateAll({ device, family, optimizer, sweep, buffers }: StepParts): Promise<Dispatch> {
  const { layout, parameters } = buffers.network;
  const kernel = weightUpdate[family];
  const pipeline = await device.pipeline(kernel, { OPTIMIZER: optimizerConstants[optimizer] });
  return pipeline.bind(
    {
      layers: buffers.layers,
      sweep: sweep.uniform,
      optimizer: buffers.optimizer,
      activations: buffers.activations,
      gradients: buffers.gradients,
      partials: buffers.partials,
      rates: buffers.rates,
      parameters,
      moments: buffers.moments,
      metrics: sweep.metrics,
      cursor: sweep.cursor,
    },
    layout.weightTiles * kernel.workgroup[0] + layout.rowQuads,
  );
}

async function endValidationStep({ device, sweep, buffers }: StepParts): Promise<Dispatch> {
  const pipeline = await device.pipeline(batchMetrics);
  return pipeline.bind(
    { sweep: sweep.uniform, partials: buffers.partials, cursor: sweep.cursor, metrics: sweep.metrics },
    buffers.network.layout.rowQuads,
  );
}
