import type { Dispatch, Pipeline } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import type { AnyBindings, Constants, DeviceBuffer, Kernel } from "../device/kernel.ts";
import { workgroupsFor } from "../device/workgroups.ts";

/** The `launch` of a dispatch on a GPU. */
interface GpuLaunch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
}

const bindingTypes = { uniform: "uniform", read: "read-only-storage", readWrite: "storage" } as const;

/** The WebGPU buffer: a Gpu creates no other kind. */
export function gpuBuffer(buffer: DeviceBuffer): GPUBuffer {
  return buffer as GPUBuffer;
}

/**
 * Compiles a kernel with an explicit layout; throws a DeviceError with the compiler's messages if it does not
 * compile.
 */
export async function compile<B extends AnyBindings>(
  device: GPUDevice,
  kernel: Kernel<B>,
  constants: Constants,
): Promise<Pipeline<B>> {
  // The shader's error is reported below; it must not count as an uncaught error.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: kernel.name, code: kernel.code });
  const refusal = device.popErrorScope();
  const layout = device.createBindGroupLayout({
    label: kernel.name,
    entries: Object.values(kernel.bindings).map((access, binding) => ({
      binding,
      visibility: 4, // GPUShaderStage.COMPUTE, a global that is missing in Node
      buffer: { type: bindingTypes[access] },
    })),
  });
  try {
    const pipeline = await device.createComputePipelineAsync({
      label: kernel.name,
      layout: device.createPipelineLayout({ label: kernel.name, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main", constants: { ...constants } },
    });
    await refusal;
    return bindable(device, kernel, pipeline, layout);
  } catch (error) {
    await refusal;
    const { messages } = await module.getCompilationInfo();
    const words = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join("; ");
    throw new DeviceError(`The shader ${kernel.name} did not compile: ${words || String(error)}`);
  }
}

/** Whether shaders may exchange numbers within subgroups: some compilers of WGSL do not know this feature of their adapters. */
export async function compilesSubgroups(device: GPUDevice): Promise<boolean> {
  if (!device.features.has("subgroups")) return false;
  device.pushErrorScope("validation");
  device.createShaderModule({ label: "subgroups", code: subgroupsProbe });
  return (await device.popErrorScope()) === null;
}

const subgroupsProbe = `enable subgroups;
@compute @workgroup_size(4) fn main(@builtin(subgroup_invocation_id) lane: u32) { _ = quadSwapX(lane); }`;

function bindable<B extends AnyBindings>(
  device: GPUDevice,
  kernel: Kernel<B>,
  pipeline: GPUComputePipeline,
  layout: GPUBindGroupLayout,
): Pipeline<B> {
  return {
    kernel,
    bind(resources, invocations, label = kernel.name) {
      const entries = Object.keys(kernel.bindings).map((name: keyof B, binding) => ({
        binding,
        resource: { buffer: gpuBuffer(resources[name]) },
      }));
      const launch: GpuLaunch = { pipeline, bindGroup: device.createBindGroup({ label, layout, entries }) };
      return { label, kernel: kernel.name, workgroups: workgroupsFor(kernel, invocations), launch };
    },
  };
}

/** Encodes one dispatch in a debug group with its label. */
export function encodeDispatch(pass: GPUComputePassEncoder, { label, launch, workgroups }: Dispatch): void {
  const { pipeline, bindGroup } = launch as GpuLaunch;
  pass.pushDebugGroup(label);
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(workgroups[0], workgroups[1]);
  pass.popDebugGroup();
}
