import { relaxedSimd, simd } from "wasm-feature-detect";
import { DeviceError } from "../device/device-error.ts";

/**
 * The build of the kernels: with SIMD, or also with the single-rounding multiply-add of relaxed SIMD if the engine
 * supports it.
 */
export type KernelBuild = "simd" | "relaxed";

/** The builds by name, each for one thread and for threads that share their memory. Loaded when they are first needed. */
const modules = {
  simd: [() => import("../../wasm/index.ts?simd"), () => import("../../wasm/index.ts?simd-shared")],
  relaxed: [() => import("../../wasm/index.ts?relaxed"), () => import("../../wasm/index.ts?relaxed-shared")],
} as const;

/** The best build that this engine runs. Throws a DeviceError where it has no WebAssembly with SIMD. */
export async function bestBuild(): Promise<KernelBuild> {
  if (!(await simd())) {
    throw new DeviceError(
      "This engine has no WebAssembly with SIMD, which the CPU needs to compute.",
      "unavailable",
    );
  }
  return (await relaxedSimd()) ? "relaxed" : "simd";
}

/** Loads and compiles the kernels. */
export async function loadKernels(build: KernelBuild, shared: boolean): Promise<WebAssembly.Module> {
  const [alone, together] = modules[build];
  const { default: bytes } = await (shared ? together() : alone());
  return WebAssembly.compile(bytes);
}
