import { GpuError } from "./gpu-error.ts";

/** How a kernel uses a buffer: it is the type of the binding in WGSL. */
export type Access = "uniform" | "read" | "readWrite";
export type AnyBindings = Readonly<Record<string, Access>>;
export type Constants = Readonly<Record<string, number>>;

/** A compute shader as the host knows it. */
export interface Kernel<B extends AnyBindings = AnyBindings> {
  /** The shader's file name without ".wgsl". */
  readonly name: string;
  readonly code: string;
  /** As in the shader's @workgroup_size. */
  readonly workgroup: readonly [x: number, y: number];
  /** The shader's buffers in the order of their @binding numbers. */
  readonly bindings: B;
}

/**
 * Declares a kernel; the types of its bindings follow from it. Calls are marked as pure, so that bundlers leave out the kernels of a
 * file that are not used.
 */
export function defineKernel<const B extends AnyBindings>(kernel: Kernel<B>): Kernel<B> {
  return kernel;
}

/** A kernel compiled for a device. */
export interface Pipeline<B extends AnyBindings = AnyBindings> {
  readonly kernel: Kernel<B>;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const bindingTypes = { uniform: "uniform", read: "read-only-storage", readWrite: "storage" } as const;

/** Compiles a kernel with an explicit layout; throws a GpuError with the compiler's words if it does not compile. */
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
      visibility: 4, // GPUShaderStage.COMPUTE, a global that Node does not have
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
    return { kernel, pipeline, layout };
  } catch (error) {
    await refusal;
    const { messages } = await module.getCompilationInfo();
    const words = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join("; ");
    throw new GpuError(`The shader ${kernel.name} did not compile: ${words || String(error)}`);
  }
}
