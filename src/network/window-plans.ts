import { Buffers } from "../device/buffers.ts";
import type { Device, Dispatch } from "../device/device.ts";
import { type Family, usualFamily, workgroupTile } from "../kernels/family.ts";
import { layOut } from "../math/layout.ts";
import type { WindowGrid } from "../math/window-grid.ts";
import { gridWeights, type Weighting, type WindowWeights } from "../math/window-weights.ts";
import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";
import { type Model, multiplyAdds, type NetworkSpec } from "../spec/network.ts";
import { usualStride } from "./fitted-picture.ts";
import { forwardPass } from "./forward.ts";
import { NetworkBuffers } from "./network-buffers.ts";
import type { WindowNetwork } from "./picture-buffers.ts";

/** How a network is applied to a picture. */
export interface WindowOptions {
  /**
   * Pixels from one window to the next, from 1 to the window's shorter side. Default: a quarter of that side. Not for convolutions,
   * whose tiles overlap by twice the network's reach.
   */
  readonly stride?: number | undefined;
  /** The weighting of values where windows overlap, by position in the window. Not for convolutions. */
  readonly weighting?: Weighting | undefined;
  /** Maximum number of windows per forward pass. Default: chosen from the memory and work needed. */
  readonly batch?: number | undefined;
  /** Longest side of a tile of convolutions, in pixels. Default: chosen from the memory and work needed. */
  readonly tile?: number | undefined;
  /** The implementation of products. Default: the usual one for the adapter. */
  readonly family?: Family | undefined;
}

/** Windows over a picture, and the network on the device that denoises them. */
export interface WindowPlan extends WindowNetwork {
  /** The network on a window. */
  readonly network: NetworkSpec;
  /** The smallest sides of a picture for the windows; a smaller one is mirrored up to them. */
  readonly least: readonly [number, number];
  /** Pixels from one window to the next, in each direction. */
  readonly strides: readonly [number, number];
  weights(grid: WindowGrid): WindowWeights;
  /** The dispatches that denoise the first `count` windows of a batch. */
  forward(count: number): readonly Dispatch[];
  /** Frees what belongs to this picture alone. */
  destroy(): void;
}

/** Plans the windows for pictures. */
export interface WindowPlanner {
  /** `strength` is that of the noise, for a network with a noise map. */
  plan(picture: { readonly rows: number; readonly columns: number }, strength: number): Promise<WindowPlan>;
  destroy(): void;
}

/**
 * Overlapping windows for a network of dense layers, which is loaded onto the device once. Throws an InputError or a DeviceError, and
 * frees everything, when it does not fit.
 */
export async function overlappingWindows(
  device: Device,
  { network, layers }: Model,
  options: WindowOptions,
): Promise<WindowPlanner> {
  const side = Math.min(...network.image);
  const { stride = usualStride(network), weighting = "gaussian" } = options;
  checkInteger(`The stride of windows of ${network.image.join(" x ")} pixels`, stride, 1, side);
  const fitting = fittingBatch(network);
  const { batch = fitting } = options;
  checkBatch(batch);
  // Chosen by the default batch, so that another batch size gives the same bits.
  const family = options.family ?? usualFamily(device, network, fitting);
  const loaded = await load(device, { network, layers }, batch, family);
  const plan: WindowPlan = {
    ...{ ...loaded, batch, network, least: network.image, strides: [stride, stride] },
    weights: (grid) => gridWeights(weighting, grid, network.channels),
    forward: (count) => forRows(loaded.dispatches, count),
    destroy: () => {},
  };
  return { plan: async () => plan, destroy: () => loaded.destroy() };
}

/**
 * Large tiles for a network of convolutions, with the same result as the whole picture at once. The network is loaded onto the
 * device for each size of picture. Throws an InputError for options that are for dense layers.
 */
export async function tiles(
  device: Device,
  { network, layers }: Model,
  options: WindowOptions,
): Promise<WindowPlanner> {
  if (options.stride !== undefined) {
    throw new InputError(
      "Convolutions denoise a picture as a whole, without overlapping windows: leave out the stride.",
    );
  }
  // Loaded when first needed: most networks have no convolutions.
  const { largestSide, tileWeights, tilingOf } = await import("./tiles.ts");
  const { batch = 1, tile = largestSide(network, device.largestBuffer) } = options;
  checkBatch(batch);
  // The last picture's network, for the next one of the same size; while that one is denoised, others load their own.
  let kept: (Awaited<ReturnType<typeof load>> & { readonly size: string }) | undefined;
  let destroyed = false;
  return {
    plan: async (picture, strength) => {
      const tiling = tilingOf(network, picture, tile);
      const family = options.family ?? usualFamily(device, tiling.network, batch);
      const size = tiling.network.image.join();
      const free = kept?.size === size ? kept : undefined;
      if (free) kept = undefined;
      const loaded = free ?? {
        ...(await load(device, { network: tiling.network, layers }, batch, family)),
        size,
      };
      loaded.setStrength(strength);
      return {
        ...{ ...loaded, batch, network: tiling.network, strides: tiling.strides },
        least: [tiling.rows, tiling.columns],
        weights: (grid) => tileWeights(grid, tiling.reach, network.channels),
        forward: () => loaded.dispatches,
        destroy() {
          if (destroyed) return loaded.destroy();
          kept?.destroy();
          kept = loaded;
        },
      };
    },
    destroy() {
      destroyed = true;
      kept?.destroy();
      kept = undefined;
    },
  };
}

function checkBatch(batch: number): void {
  checkInteger("The batch of windows", batch, 1, 65_536);
}

async function load(device: Device, { network, layers }: Model, batch: number, family: Family) {
  const buffers = new Buffers(device);
  try {
    const { placed, activations } = await device.build("the network", () => {
      const placed = new NetworkBuffers(device, buffers, network, batch);
      return { placed, activations: buffers.storage("activations", placed.activationBytes) };
    });
    placed.write(layers);
    const dispatches = (await forwardPass(device, family, placed, activations)).flat();
    return {
      ...{ activations, dispatches, outputOffset: placed.layout.pictureOffset },
      setStrength: (strength: number) =>
        placed.setStrengths(
          activations,
          Array.from({ length: batch }, () => strength),
        ),
      destroy: () => buffers.destroy(),
    };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

/** The dispatches of a batch for its first rows only, without workgroups for the other rows. */
function forRows(forward: readonly Dispatch[], rows: number): Dispatch[] {
  return forward.map((dispatch) => ({
    ...dispatch,
    workgroups: [dispatch.workgroups[0], Math.ceil(rows / workgroupTile)],
  }));
}

/**
 * The number of windows whose activations take at most 32 MiB and whose forward pass takes at most 2^30 multiply-adds:
 * a second on a software GPU, short enough for a GPU's watchdog and for Ctrl-C, and long enough to keep it busy.
 */
function fittingBatch(network: NetworkSpec): number {
  const { activationQuads } = layOut(network, 4);
  const fitting = Math.floor(
    Math.min(4096, 2 ** 25 / (4 * activationQuads), 2 ** 30 / multiplyAdds(network)),
  );
  return fitting < workgroupTile ? Math.max(1, fitting) : fitting - (fitting % workgroupTile);
}
