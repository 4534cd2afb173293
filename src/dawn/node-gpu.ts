import { constants } from "node:os";
import { dirname, join } from "node:path";
import { findSwiftShader, hasVulkanDriver } from "../../scripts/setup/vulkan.mjs";
import { DeviceError } from "../device/device-error.ts";
import { Gpu } from "../gpu/gpu.ts";

/** Dawn's instances, never freed: a device whose instance was garbage-collected crashes the process. */
const instances: GPU[] = [];

/** A GPU in Node, and a note about it for the user. */
export interface NodeGpu {
  readonly gpu: Gpu;
  readonly remark?: string;
}

/**
 * Opens the machine's GPU through Dawn. On Linux without a GPU driver it uses the software Vulkan (SwiftShader) that
 * comes with Chromium. Close it with `gpu.destroy()`, otherwise the process does not exit.
 */
export async function openNodeGpu(): Promise<NodeGpu> {
  const linux = process.platform === "linux";
  if (linux && !hasVulkanDriver()) return openSwiftShader();
  try {
    return { gpu: await openDawn() };
  } catch (error) {
    if (!linux || !findSwiftShader()) throw error;
    return openSwiftShader();
  }
}

async function openDawn(): Promise<Gpu> {
  const { create } = await loadDawn();
  const instance = create([]);
  instances.push(instance);
  const gpu = await Gpu.open(instance);
  if (gpu.adapter.software) restBetweenPolls();
  return gpu;
}

/**
 * Loaded on demand, because it is large, and some systems have no build of it: those with an older glibc or with musl, and rare
 * processors.
 */
async function loadDawn(): Promise<typeof import("webgpu")> {
  try {
    return await import("webgpu");
  } catch (cause) {
    const place = `${process.platform}-${process.arch}`;
    throw new DeviceError(
      `Dawn, the package webgpu, cannot be loaded on ${place}: ${firstLine(cause)}.`,
      "unavailable",
      cause,
    );
  }
}

/** What an error says in its first line, without a full stop. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim().split("\n")[0] ?? "").replace(/\.?\s*$/, "");
}

let resting = false;

/**
 * While a GPU promise is pending, Dawn polls at every turn of the event loop and occupies a core that a software GPU
 * could use. So a turn without other work waits a moment. The wait keeps neither the event loop nor the process
 * alive.
 */
function restBetweenPolls(): void {
  if (resting) return;
  resting = true;
  const never = new Int32Array(new SharedArrayBuffer(4));
  const idleMilliseconds = 0.1;
  let rested = performance.now();
  const rest = () => {
    if (performance.now() - rested < idleMilliseconds) Atomics.wait(never, 0, 0, 1);
    rested = performance.now();
    setImmediate(rest).unref();
  };
  setImmediate(rest).unref();
}

async function openSwiftShader(): Promise<NodeGpu> {
  const manifest = findSwiftShader();
  if (!manifest) {
    throw new DeviceError("No GPU driver was found: to use a GPU, install its Vulkan driver.", "unavailable");
  }
  process.env.VK_ICD_FILENAMES = manifest;
  keepLoaded(join(dirname(manifest), "libvulkan.so.1"));
  const gpu = await openDawn();
  return { gpu, remark: `No GPU driver was found, so the software GPU in ${dirname(manifest)} computes.` };
}

/**
 * Loads a shared library and keeps it loaded. Dawn looks up the Vulkan loader by name only, and so finds the one
 * shipped with the browser on systems without their own.
 */
function keepLoaded(library: string): void {
  const keep = 0x1000; // RTLD_NODELETE, which Node does not define
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | keep);
  } catch {
    // dlopen always throws, because the library is not a Node add-on. If it was not loaded, Dawn finds no adapter and
    // reports that.
  }
}
