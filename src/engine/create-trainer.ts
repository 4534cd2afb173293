import { DeviceError } from "../device/device-error.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { trainOn } from "../training/device-run.ts";
import type { RunData } from "../training/run-data.ts";
import type { Beginning, Engine, EngineTrainer } from "./engine.ts";
import { RecoveringTrainer } from "./recovering-trainer.ts";

/**
 * Builds a run on an engine; throws an InputError or a DeviceError if the settings or the initial state cannot be used.
 * It is separate from the engine, so that programs that only denoise do not include the training.
 */
export async function createTrainer(
  engine: Engine,
  spec: TrainingSpec,
  data: RunData,
  beginning: Beginning = {},
): Promise<EngineTrainer> {
  try {
    return await onDevice(engine, spec, data, beginning);
  } catch (error) {
    // The device may have been lost while it was idle.
    const lost = error instanceof DeviceError && error.kind === "lost";
    if (!lost || !engine.replacesLost) throw error;
    return onDevice(engine, spec, data, beginning);
  }
}

async function onDevice(
  engine: Engine,
  spec: TrainingSpec,
  data: RunData,
  beginning: Beginning,
): Promise<EngineTrainer> {
  const { profilerOf, onRecovery, memory, compileLater, ...options } = engine.options;
  const family = beginning.family ?? options.family;
  const common = { ...beginning, family, memory, compileLater };
  const device = await engine.liveDevice();
  if (!engine.replacesLost) return trainOn(device, spec, data, { ...common, profiler: profilerOf?.(device) });
  return RecoveringTrainer.create(device, spec, data, {
    ...common,
    profilerOf,
    open: () => engine.liveDevice(),
    onRecovery: (sentence) => onRecovery?.(sentence, engine.adapter),
  });
}
