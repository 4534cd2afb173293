import { GpuError } from "../gpu/gpu-error.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { trainOnCpu } from "../training/cpu-run.ts";
import { trainOnGpu } from "../training/gpu-run.ts";
import type { RunData } from "../training/run-data.ts";
import type { Beginning, Engine, EngineTrainer } from "./engine.ts";
import { GpuEngine } from "./gpu-engine.ts";
import { RecoveringTrainer } from "./recovering-trainer.ts";

/**
 * Builds a run on an engine; throws an InputError or a GpuError when the settings, or what it begins with, cannot be used. Apart from
 * the engine, so that programs that only denoise do not include the training.
 */
export async function createTrainer(
  engine: Engine,
  spec: TrainingSpec,
  data: RunData,
  beginning: Beginning = {},
): Promise<EngineTrainer> {
  if (!(engine instanceof GpuEngine)) return trainOnCpu(spec, data, beginning);
  try {
    return await onGpu(engine, spec, data, beginning);
  } catch (error) {
    // The device may have been lost while nothing was asked of it.
    const lost = error instanceof GpuError && error.kind === "lost";
    if (!lost || !engine.replacesLost) throw error;
    return onGpu(engine, spec, data, beginning);
  }
}

async function onGpu(
  engine: GpuEngine,
  spec: TrainingSpec,
  data: RunData,
  beginning: Beginning,
): Promise<EngineTrainer> {
  const { profilerOf, onRecovery, memory, compileLater, ...options } = engine.options;
  const family = beginning.family ?? options.family;
  const common = { ...beginning, family, memory, compileLater };
  const gpu = await engine.device();
  if (!engine.replacesLost) return trainOnGpu(gpu, spec, data, { ...common, profiler: profilerOf?.(gpu) });
  return RecoveringTrainer.create(gpu, spec, data, {
    ...common,
    profilerOf,
    open: () => engine.device(),
    onRecovery: (sentence) => onRecovery?.(sentence, engine.adapter),
  });
}
