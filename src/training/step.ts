import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { adadeltaUpdate } from "../kernels/adadelta-update.ts";
import { batchMetrics } from "../kernels/batch-metrics.ts";
import { denseBackward } from "../kernels/dense-backward.ts";
import { denseLoss } from "../kernels/dense-loss.ts";
import { lossConstants } from "../kernels/uniforms.ts";
import { last } from "../math/last.ts";
import { quads } from "../math/layout.ts";
import { forwardPass } from "../network/forward.ts";
import type { LossName } from "../spec/training.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/**
 * One training step of an L-layer network, 2 L + 1 dispatches:
 * gather the batch | L - 1 layers forward | the last layer with loss and gradient | L - 1 layers backward | update all.
 */
export async function trainingStep(
  gpu: Gpu,
  gather: Dispatch,
  sweep: SweepBuffers,
  buffers: StepBuffers,
  loss: LossName,
): Promise<Dispatch[]> {
  return [
    gather,
    ...(await hiddenForward(gpu, buffers)),
    await outputLoss(gpu, sweep, buffers, loss),
    ...(await hiddenBackward(gpu, buffers)),
    await updateAll(gpu, sweep, buffers),
  ];
}

/** One validation step: forward and loss as in training, then the batch's metrics. */
export async function validationStep(
  gpu: Gpu,
  gather: Dispatch,
  sweep: SweepBuffers,
  buffers: StepBuffers,
  loss: LossName,
): Promise<Dispatch[]> {
  return [
    gather,
    ...(await hiddenForward(gpu, buffers)),
    await outputLoss(gpu, sweep, buffers, loss),
    await endValidationStep(gpu, sweep, buffers),
  ];
}

/** The layers before the last. */
async function hiddenForward(gpu: Gpu, { network }: StepBuffers): Promise<Dispatch[]> {
  return (await forwardPass(gpu, network)).slice(0, -1);
}

async function outputLoss(
  gpu: Gpu,
  sweep: SweepBuffers,
  buffers: StepBuffers,
  loss: LossName,
): Promise<Dispatch> {
  const { layout, layers, parameters, activations } = buffers.network;
  const output = last(layers);
  const pipeline = await gpu.pipeline(denseLoss, { LOSS: lossConstants[loss] });
  return bind(
    gpu.device,
    pipeline,
    {
      layer: output.uniform,
      sweep: sweep.sweep,
      parameters,
      activations,
      cleanBatch: buffers.cleanBatch,
      cursor: sweep.cursor,
      gradients: buffers.gradients,
      partials: buffers.partials,
    },
    [quads(output.spec.outputs) / 2, layout.rowQuads / 2],
  );
}

/** From the last layer to the second: the first layer's input needs no gradient. */
async function hiddenBackward(gpu: Gpu, { network, gradients }: StepBuffers): Promise<Dispatch[]> {
  const { layout, layers, parameters, activations } = network;
  const pipeline = await gpu.pipeline(denseBackward);
  return layers
    .map(({ spec, uniform }, index) =>
      bind(
        gpu.device,
        pipeline,
        { layer: uniform, parameters, activations, gradients },
        [quads(spec.inputs) / 2, layout.rowQuads / 2],
        `dense_backward(${index})`,
      ),
    )
    .slice(1)
    .reverse();
}

async function updateAll(gpu: Gpu, sweep: SweepBuffers, buffers: StepBuffers): Promise<Dispatch> {
  const { layout, parameters, activations } = buffers.network;
  const pipeline = await gpu.pipeline(adadeltaUpdate);
  return bind(
    gpu.device,
    pipeline,
    {
      layers: buffers.layers,
      sweep: sweep.sweep,
      adadelta: buffers.adadelta,
      activations,
      gradients: buffers.gradients,
      partials: buffers.partials,
      parameters,
      squaredGradients: buffers.squaredGradients,
      squaredUpdates: buffers.squaredUpdates,
      metrics: sweep.metrics,
      cursor: sweep.cursor,
    },
    layout.weightTiles + layout.rowQuads,
  );
}

async function endValidationStep(gpu: Gpu, sweep: SweepBuffers, buffers: StepBuffers): Promise<Dispatch> {
  const pipeline = await gpu.pipeline(batchMetrics);
  return bind(
    gpu.device,
    pipeline,
    { sweep: sweep.sweep, partials: buffers.partials, cursor: sweep.cursor, metrics: sweep.metrics },
    buffers.network.layout.rowQuads,
  );
}
