import type { Kernel } from "./kernel.ts";

/** The limit for workgroups in one dimension that WebGPU guarantees on every adapter. */
const maxWorkgroups = 65_535;

/**
 * The workgroups of a launch. `invocations` is the dispatch size from the shader's header: [x, y] of the grid, or one
 * number for a list of jobs, which is folded into two dimensions when it is long.
 */
export function workgroupsFor(
  { workgroup }: Pick<Kernel, "workgroup">,
  invocations: number | readonly [x: number, y: number],
): readonly [x: number, y: number] {
  if (typeof invocations !== "number") {
    return [Math.ceil(invocations[0] / workgroup[0]), Math.ceil(invocations[1] / workgroup[1])];
  }
  const groups = Math.ceil(invocations / workgroup[0]);
  const folds = Math.ceil(groups / maxWorkgroups);
  return [Math.ceil(groups / folds), folds];
}
