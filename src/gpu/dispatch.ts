import type { AnyBindings, Kernel, Pipeline } from "./kernel.ts";

/** One launch of a kernel over its buffers: plain data that can be listed, counted and encoded any number of times. */
export interface Dispatch {
  /** "dense_forward(1)": the kernel, and which of its launches in the step. */
  readonly label: string;
  readonly kernel: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [x: number, y: number];
}

/** One buffer for every binding of a kernel. */
export type Resources<B extends AnyBindings> = { readonly [K in keyof B]: GPUBuffer };

/** What WebGPU allows of workgroups in one dimension on every adapter. */
const maxWorkgroups = 65_535;

/**
 * Binds a kernel's buffers. `invocations` is what the shader's header calls its dispatch size: [x, y] of the grid, or one
 * number for a list of jobs, which is folded into two dimensions when it is long.
 */
export function bind<B extends AnyBindings>(
  device: GPUDevice,
  { kernel, pipeline, layout }: Pipeline<B>,
  resources: Resources<B>,
  invocations: number | readonly [x: number, y: number],
  label: string = kernel.name,
): Dispatch {
  const bindGroup = device.createBindGroup({
    label,
    layout,
    entries: Object.keys(kernel.bindings).map((name: keyof B, binding) => ({
      binding,
      resource: { buffer: resources[name] },
    })),
  });
  return { label, kernel: kernel.name, pipeline, bindGroup, workgroups: workgroupsFor(kernel, invocations) };
}

function workgroupsFor(
  { workgroup }: Kernel,
  invocations: number | readonly [x: number, y: number],
): readonly [number, number] {
  if (typeof invocations !== "number") {
    return [Math.ceil(invocations[0] / workgroup[0]), Math.ceil(invocations[1] / workgroup[1])];
  }
  const groups = Math.ceil(invocations / workgroup[0]);
  const folds = Math.ceil(groups / maxWorkgroups);
  return [Math.ceil(groups / folds), folds];
}

/** Encodes one dispatch in a debug group that bears its label. */
export function encodeDispatch(pass: GPUComputePassEncoder, dispatch: Dispatch): void {
  pass.pushDebugGroup(dispatch.label);
  pass.setPipeline(dispatch.pipeline);
  pass.setBindGroup(0, dispatch.bindGroup);
  pass.dispatchWorkgroups(dispatch.workgroups[0], dispatch.workgroups[1]);
  pass.popDebugGroup();
}
