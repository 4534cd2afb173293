import type { Gpu } from "../gpu/gpu.ts";
import { corruptBatch } from "../kernels/corrupt-batch.ts";
import { denseForward } from "../kernels/dense-forward.ts";
import { lookFamily, usualFamily } from "../kernels/family.ts";
import { activationConstants } from "../kernels/uniforms.ts";
import { layersOf, type NetworkSpec } from "../spec/network.ts";
import { inputCentre, type TrainingSpec } from "../spec/training.ts";
import { corruptionConstants } from "./create-supplies.ts";

/**
 * Starts to compile what a look at a run's validation images takes, before its images are there; a run that is built later finds
 * it. On an adapter that chooses the kernels by a trial there is nothing to be known beforehand. What does not compile is told
 * when it is needed.
 */
export function compileLook(gpu: Gpu, spec: TrainingSpec, network: NetworkSpec): void {
  if (!gpu.adapter.software) return;
  const forward = denseForward[lookFamily(gpu.adapter, usualFamily(gpu.adapter, network, spec.batch))];
  const CENTRE = inputCentre(spec);
  const compiled = [
    gpu.pipeline(corruptBatch, corruptionConstants(spec, false)),
    ...layersOf(network).map(({ activation }) =>
      gpu.pipeline(forward, { ACTIVATION: activationConstants[activation], CENTRE }),
    ),
  ];
  for (const pipeline of compiled) pipeline.catch(() => {});
}
