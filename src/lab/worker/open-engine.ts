import { GpuError } from "../../gpu/gpu-error.ts";
import type { OpenOptions, TrainingEvent } from "../protocol.ts";
import { CpuEngine } from "./cpu-engine.ts";
import type { Engine } from "./engine.ts";
import { GpuEngine } from "./gpu-engine.ts";

/** What computes, and why it is the CPU if nobody asked for that: one sentence. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly fallbackReason: string | undefined;
}

/**
 * Opens the wanted engine; if none is wanted, the GPU, or else the CPU where there is no GPU. Throws a GpuError where the GPU
 * alone is wanted and there is none.
 */
export async function openEngine(
  options: OpenOptions,
  tell: (event: TrainingEvent) => void,
): Promise<OpenedEngine> {
  if (options.backend === "cpu") return { engine: new CpuEngine(), fallbackReason: undefined };
  try {
    checkSupport();
    return { engine: await GpuEngine.open(options, tell), fallbackReason: undefined };
  } catch (error) {
    if (options.backend === "gpu" || !(error instanceof GpuError)) throw error;
    return { engine: new CpuEngine(), fallbackReason: error.message };
  }
}

/** Throws a GpuError where this page gets no WebGPU at all. */
function checkSupport(): void {
  if (!self.isSecureContext) {
    throw new GpuError(
      "Browsers offer WebGPU only to pages from https or localhost, and this page came over plain http.",
    );
  }
  if (!navigator.gpu) throw new GpuError("This browser does not offer WebGPU.");
}
