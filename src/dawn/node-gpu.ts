import { constants } from "node:os";
import { dirname, join } from "node:path";
import { findSwiftShader, hasVulkanDriver } from "../../scripts/setup/vulkan.mjs";
import { DeviceError } from "../device/device-error.ts";
import { Gpu } from "../gpu/gpu.ts";

/** Dawn's instances, never freed: a device whose instance was garbage-collected crashes the process. */
const instances: GPU[] = [];

/** A GPU in Node, and a remark about it for the person at the terminal. */
export interface NodeGpu {
  readonly gpu: Gpu;
  readonly remark?: string;
}

/**
 * Opens the machine's GPU through Dawn. On a Linux without a GPU driver it takes the software Vulkan (SwiftShader) that
 * comes with Chromium. Close it with `gpu.destroy()`, or the process never ends.
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

/** Loaded when it is needed: it is large, and there are systems without a build of it. */
async function loadDawn(): Promise<typeof import("webgpu")> {
  try {
    return await import("webgpu");
  } catch (cause) {
    const sentence = `Dawn, the package webgpu, cannot be loaded on ${process.platform}-${process.arch}: ${String(cause)}`;
    throw new DeviceError(sentence, "unavailable", cause);
  }
}

let resting = false;

/**
 * While a promise of the GPU is open, Dawn asks for news at every turn of the event loop and so keeps a core busy, of
 * which a software GPU has better use. So a turn that does nothing else waits a moment. What is queued here keeps
 * neither the loop turning nor the process alive.
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
    throw new DeviceError(
      "No GPU driver was found: install one, or Chromium, whose software GPU serves as well.",
      "unavailable",
    );
  }
  process.env.VK_ICD_FILENAMES = manifest;
  keepLoaded(join(dirname(manifest), "libvulkan.so.1"));
  const gpu = await openDawn();
  return { gpu, remark: `No GPU driver was found, so the software GPU in ${dirname(manifest)} computes.` };
}

/**
 * Loads a shared library and keeps it, so that Dawn, which asks for the Vulkan loader by its bare name, finds the one
 * beside the browser on systems that have none of their own.
 */
function keepLoaded(library: string): void {
  const keep = 0x1000; // RTLD_NODELETE, which Node does not name
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | keep);
  } catch {
    // Always: it is no Node add-on. If it could not be loaded at all, Dawn finds no adapter and says so.
  }
}
