import type { Dispatch } from "../device/device.ts";
import {
  activationConstants,
  denseBackward,
  denseLoss,
  lossConstants,
  weightUpdate,
} from "../kernels/dense.ts";
import { resultGrid } from "../kernels/family.ts";
import { optimizerConstants } from "../kernels/optimizer.ts";
import { batchMetrics } from "../kernels/sweep.ts";
import { last } from "../math/last.ts";
import { forwardPass } from "../network/forward.ts";
import type { DeviceLayer } from "../network/network-buffers.ts";
import type { LayerKind } from "../spec/layer-specs.ts";
import type { StepParts } from "./step-parts.ts";

/** The dispatches of a layer of each kind, apart from its forward pass. */
interface KindDispatches<K extends LayerKind> {
  /** The layer as the network's last, with the loss and its gradient. */
  readonly loss: (parts: StepParts, layer: DeviceLayer<K>) => Promise<Dispatch>;
  /**
   * The gradient with respect to the layer's input, unless that is the image, and to its parameters, if the update does not compute
   * that itself; `index` is the layer's position in the network.
   */
  readonly backward: (parts: StepParts, layer: DeviceLayer<K>, index: number) => Promise<Dispatch[]>;
  /** Ends a step of a network whose last layer this is: updates all parameters. */
  readonly update: (parts: StepParts) => Promise<Dispatch>;
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
        SAMPLE_BITS: buffers.sampleBits,
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
      if (index === 0) return [];
      const { activations, gradients } = buffers;
      const { layout, parameters } = buffers.network;
      const kernel = denseBackward[family];
      const pipeline = await device.pipeline(kernel);
      const dispatch = pipeline.bind(
        { layer: uniform, parameters, activations, gradients },
        resultGrid(kernel, 4 * layout.rowQuads, spec.inputs),
        `dense_backward(${index})`,
      );
      return [dispatch];
    },
    update: updateDense,
  },
  conv: {
    loss: async (parts, layer) => (await convolutions()).convLossDispatch(parts, layer),
    backward: async (parts, layer, index) =>
      (await convolutions()).convBackwardDispatches(parts, layer, index),
    update: async (parts) => (await convolutions()).updateConvolutions(parts),
  },
  up: {
    loss: () => Promise.reject(new RangeError("A transposed convolution is never the last layer.")),
    backward: async (parts, layer, index) => (await convolutions()).upBackwardDispatches(parts, layer, index),
    update: async (parts) => (await convolutions()).updateConvolutions(parts),
  },
};

/** Loaded when first needed: most pages have no convolutions. */
function convolutions() {
  return import("./conv-step.ts");
}

function dispatchesOf<K extends LayerKind>({ spec }: DeviceLayer<K>): KindDispatches<K> {
  return kinds[spec.kind];
}

/**
 * One training step of an L-layer network, 2 L + 1 dispatches for dense layers:
 * gather the batch | L - 1 layers forward | the last layer with loss and gradient | L - 1 layers backward | update all.
 * For convolutions 3 L + 2: the batch is made planes first, and the gradient of each layer's parameters has its own dispatch.
 */
export function trainingStep(parts: StepParts): Promise<Dispatch[]> {
  return inOrder([
    ...parts.gather,
    hiddenForward(parts),
    outputLoss(parts),
    hiddenBackward(parts),
    dispatchesOf(last(parts.buffers.network.layers)).update(parts),
  ]);
}

/** One validation step: forward and loss as in training, then the batch's metrics. */
export function validationStep(parts: StepParts): Promise<Dispatch[]> {
  return inOrder([...parts.gather, hiddenForward(parts), outputLoss(parts), endValidationStep(parts)]);
}

/** The dispatches in this order, after their kernels are compiled; all kernels are requested at once. */
async function inOrder(parts: readonly (Dispatch | Promise<Dispatch | Dispatch[]>)[]): Promise<Dispatch[]> {
  return (await Promise.all(parts)).flat();
}

/** The layers before the last. */
async function hiddenForward({ device, family, centre, buffers }: StepParts): Promise<Dispatch[]> {
  const end = buffers.network.layers.length - 1;
  const layers = await forwardPass(device, family, buffers.network, buffers.activations, { end, centre });
  return layers.flat();
}

/** The last layer of the network with its loss. */
function outputLoss(parts: StepParts): Promise<Dispatch> {
  const layer = last(parts.buffers.network.layers);
  return dispatchesOf(layer).loss(parts, layer);
}

/** From the last layer to the first. */
async function hiddenBackward(parts: StepParts): Promise<Dispatch[]> {
  const { layers } = parts.buffers.network;
  const dispatches = layers.map((layer, index) => dispatchesOf(layer).backward(parts, layer, index));
  return (await Promise.all(dispatches)).reverse().flat();
}

async function updateDense({ device, family, optimizer, sweep, buffers }: StepParts): Promise<Dispatch> {
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
