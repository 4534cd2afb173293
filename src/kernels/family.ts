import type { AdapterSummary } from "../device/adapter.ts";
import { type AnyBindings, type Constants, defineKernel, type Kernel } from "../device/kernel.ts";
import { multiplyAdds, type NetworkSpec } from "../spec/network.ts";

/**
 * The implementations of a matrix product. They differ in rounding, and in speed by adapter and by shape.
 *
 * tile8      8 x 8 results per invocation in registers, no barriers: many invocations, good for small layers
 * tile16     16 x 16 results per invocation, no barriers: the fewest loads, good on software adapters
 * workgroup  32 x 32 results per workgroup, through workgroup memory: good for large layers on a GPU
 */
export const families = ["tile8", "tile16", "workgroup"] as const;
/** An implementation of a matrix product. */
export type Family = (typeof families)[number];

/** A kernel of a family: an invocation computes tile x tile results, a workgroup 32 x 32. */
export interface FamilyKernel<B extends AnyBindings> extends Kernel<B> {
  readonly tile: number;
}

/** Multiply-adds of a forward pass from which on a large tile is worthwhile. */
const largeProduct = 2 ** 22;

/** Results that a workgroup of any family computes, in each dimension. */
export const workgroupTile = 32;

const tiles = { tile8: 8, tile16: 16, workgroup: 4 } as const;

/**
 * Declares a kernel in all its families. `grid` is the numbering of a workgroup's invocations in the shader: by
 * column and row of the result, or in one line.
 */
export function defineFamilies<const B extends AnyBindings>(
  name: string,
  grid: "columns and rows" | "line",
  bindings: B,
  code: Readonly<Record<Family, string>>,
  constants: Constants = {},
): Readonly<Record<Family, FamilyKernel<B>>> {
  const define = (family: Family): FamilyKernel<B> => {
    const tile = tiles[family];
    const side = workgroupTile / tile;
    const workgroup = grid === "line" ? ([side * side, 1] as const) : ([side, side] as const);
    return {
      ...defineKernel({ name: `${name}.${family}`, code: code[family], workgroup, bindings, constants }),
      tile,
    };
  };
  return { tile8: define("tile8"), tile16: define("tile16"), workgroup: define("workgroup") };
}

/** The dispatch size, in invocations, for a result of `rows` x `columns` numbers. */
export function resultGrid(
  { tile }: { readonly tile: number },
  rows: number,
  columns: number,
): [number, number] {
  return [columns / tile, rows / tile];
}

/** The family that compiles fastest on a software adapter. A network that denoises a few images uses it as well. */
export const soonestFamily: Family = "tile8";

/** The family for previewing a few images while a run uses `family`. */
export function lookFamily({ software }: AdapterSummary, family: Family): Family {
  return software ? soonestFamily : family;
}

/**
 * The default family without measurements. On a software adapter the larger tile loads less but takes a second longer
 * to compile. Small networks do not recover that time, and a small batch would leave most of the tile empty.
 */
export function usualFamily({ software }: AdapterSummary, network: NetworkSpec, batch: number): Family {
  return software && batch > 8 && batch * multiplyAdds(network) > largeProduct ? "tile16" : "tile8";
}
