import type { AdapterSummary } from "../device/adapter.ts";
import type { Device } from "../device/device.ts";
import { type AnyBindings, type Constants, defineKernel, type Kernel } from "../device/kernel.ts";
import type { LayerSpec } from "../spec/layer-specs.ts";
import { isConvolutional, multiplyAdds, type NetworkSpec } from "../spec/network.ts";

/**
 * The implementations of a matrix product. They differ in rounding, and in speed by adapter and by shape.
 *
 * tile8      8 x 8 results per invocation in registers, no barriers: many invocations, good for small layers
 * tile16     16 x 16 results per invocation, no barriers: the fewest loads, good on software adapters
 * workgroup  32 x 32 results per workgroup, through workgroup memory: good for large layers on a GPU
 *
 * Convolutions have them too, with another tile in workgroup: see docs/convolutions.md.
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

/** The same for convolutions, most of whose kernels compile more slowly. */
const largeConvolutions = 2 ** 28;

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

/**
 * The implementations of a convolution's products: the families, and
 *
 * subgroup   16 pixels x 16 channels per invocation, four of which exchange their weights: in place of tile16 where that is possible
 */
export type ConvFamily = Family | "subgroup";

/** The kernels of a convolution. The shapes of their workgroups differ. */
export type ConvKernels<B extends AnyBindings, F extends ConvFamily> = Readonly<Record<F, Kernel<B>>>;

/** Declares a kernel of a convolution in these families. */
export function defineConvFamilies<const B extends AnyBindings, F extends ConvFamily>({
  name,
  code,
  workgroups,
  ...shared
}: Pick<Kernel<B>, "name" | "bindings" | "constants"> & {
  readonly code: Readonly<Record<F, string>>;
  readonly workgroups: Readonly<Record<F, Kernel["workgroup"]>>;
}): ConvKernels<B, F> {
  const define = (family: F) =>
    defineKernel({
      ...{ name: `${name}.${family}`, code: code[family], workgroup: workgroups[family] },
      ...shared,
    });
  const names = Object.keys(code) as F[];
  return Object.fromEntries(names.map((family) => [family, define(family)])) as ConvKernels<B, F>;
}

/** The family that convolutions use on a device when `family` is requested. The CPU's kernels are divided as those of tile8. */
export function convFamily({ backend }: Pick<Device, "backend">, family: Family): Family {
  return backend === "cpu" ? "tile8" : family;
}

/** The implementation of the products of a convolution, not a transposed one, on a device when `family` is requested. */
export function productFamily(
  device: Pick<Device, "backend" | "subgroups">,
  family: Family,
  { stride }: LayerSpec<"conv">,
): ConvFamily {
  const used = convFamily(device, family);
  return used === "tile16" && stride === 1 && device.subgroups ? "subgroup" : used;
}

/** The families of conv_loss: its few channels would leave most of a tile of tile16 empty. */
export type LossFamily = Exclude<Family, "tile16">;

/** The family that conv_loss uses on a device when `family` is requested. */
export function lossFamily(device: Pick<Device, "backend">, family: Family): LossFamily {
  const used = convFamily(device, family);
  return used === "tile16" ? "tile8" : used;
}

/** The family whose kernels a network uses on a device when `family` is requested. */
export function familyUsed(device: Pick<Device, "backend">, network: NetworkSpec, family: Family): Family {
  return isConvolutional(network) ? convFamily(device, family) : family;
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
export function previewFamily({ software }: AdapterSummary, family: Family): Family {
  return software ? soonestFamily : family;
}

/**
 * The default family without measurements. On a software adapter the larger tile loads less but takes a second longer
 * to compile, for convolutions a few. Small networks do not recover that time, and a small batch would leave most of the tile empty.
 * With subgroups, convolutions of stride 1 compile as fast as in tile8, and are faster from the smallest batch on.
 * Convolutions use workgroup memory on a GPU, because their register tiles were made for software adapters.
 */
export function usualFamily(
  { adapter: { software }, subgroups }: Pick<Device, "adapter" | "subgroups">,
  network: NetworkSpec,
  batch: number,
): Family {
  const products = batch * multiplyAdds(network);
  if (isConvolutional(network)) {
    if (!software) return "workgroup";
    return products > largeConvolutions || (subgroups && mostlyStride1(network)) ? "tile16" : "tile8";
  }
  return software && batch > 8 && products > largeProduct ? "tile16" : "tile8";
}

/** Whether convolutions of stride 1 compute more than half of the products. */
function mostlyStride1(network: NetworkSpec): boolean {
  const layers = network.layers.filter((layer) => layer.kind === "conv" && layer.stride === 1);
  return 2 * multiplyAdds({ layers }) > multiplyAdds(network);
}
