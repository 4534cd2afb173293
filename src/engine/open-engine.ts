import type { Backend } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { CpuEngine } from "./cpu-engine.ts";
import { DeviceEngine, type DeviceEngineOptions } from "./device-engine.ts";
import type { Engine } from "./engine.ts";

export interface EngineOptions extends DeviceEngineOptions {
  /** Forces one. Default: the GPU, or the CPU if there is no GPU. */
  readonly backend?: Backend | undefined;
}

/** What computes, and why it is the CPU if that was not requested: one sentence. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly fallbackReason: string | undefined;
}

/** Opens what computes. Throws a DeviceError where the GPU is forced and there is none, and where it fails in another way. */
export async function openEngine({ backend, ...options }: EngineOptions): Promise<OpenedEngine> {
  if (backend === "cpu") return { engine: new CpuEngine(), fallbackReason: undefined };
  try {
    return { engine: await DeviceEngine.open(options), fallbackReason: undefined };
  } catch (error) {
    const missing = error instanceof DeviceError && error.kind === "unavailable";
    if (backend === "gpu" || !missing) throw error;
    return { engine: new CpuEngine(), fallbackReason: error.message };
  }
}
