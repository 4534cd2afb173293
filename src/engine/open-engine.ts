import { GpuError } from "../gpu/gpu-error.ts";
import { CpuEngine } from "./cpu-engine.ts";
import type { Backend, Engine } from "./engine.ts";
import { GpuEngine, type GpuEngineOptions } from "./gpu-engine.ts";

export interface EngineOptions extends GpuEngineOptions {
  /** Forces one. Default: the GPU, or the CPU if there is no GPU. */
  readonly backend?: Backend | undefined;
}

/** What computes, and why it is the CPU if that was not requested: one sentence. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly fallbackReason: string | undefined;
}

/** Opens what computes. Throws a GpuError where the GPU is forced and there is none, and where it fails in another way. */
export async function openEngine({ backend, ...options }: EngineOptions): Promise<OpenedEngine> {
  if (backend === "cpu") return { engine: new CpuEngine(), fallbackReason: undefined };
  try {
    return { engine: await GpuEngine.open(options), fallbackReason: undefined };
  } catch (error) {
    const missing = error instanceof GpuError && error.kind === "unavailable";
    if (backend === "gpu" || !missing) throw error;
    return { engine: new CpuEngine(), fallbackReason: error.message };
  }
}
