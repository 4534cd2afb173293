import blendWindowsCode from "../../shaders/blend_windows.wgsl";
import cutWindowsCode from "../../shaders/cut_windows.wgsl";
import { defineKernel } from "../device/kernel.ts";
import { quads } from "../math/layout.ts";
import { type WindowAxis, type WindowGrid, windowStart, windowsAcross } from "../math/window-grid.ts";

/** Cuts a batch of windows out of a picture. */
export const cutWindows = /* @__PURE__ */ defineKernel({
  name: "cut_windows",
  code: cutWindowsCode,
  workgroup: [16, 4],
  bindings: {
    windows: "uniform",
    picture: "read",
    activations: "readWrite",
  },
});

/** Adds a batch of denoised windows to the output picture. */
export const blendWindows = /* @__PURE__ */ defineKernel({
  name: "blend_windows",
  code: blendWindowsCode,
  workgroup: [64, 1],
  bindings: {
    windows: "uniform",
    weights: "read",
    activations: "read",
    sums: "readWrite",
  },
});

/** A batch of consecutive windows of a picture. */
export interface WindowBatch {
  /** The number of the first window. */
  readonly first: number;
  readonly count: number;
  /** The first row of the picture in the device's buffers of picture rows. */
  readonly top: number;
  /** The offset of the network's output in `activations`, in quads. */
  readonly outputOffset: number;
}

/** The bytes of `struct WindowBatch` in shaders/lib/window_grid.wgsl. */
export const windowBatchBytes = 64;

/** `struct WindowBatch`, for batches of up to `rows` windows; the last two words are padding. */
export function windowBatchUniform(
  { down, across, planes }: WindowGrid,
  rows: number,
  { first, count, top, outputOffset }: WindowBatch,
): Uint32Array<ArrayBuffer> {
  const axis = ({ length, window, stride, count }: WindowAxis) => [length, window, stride, count];
  return Uint32Array.from([
    ...axis(down),
    ...axis(across),
    ...[planes, first, count, top],
    ...[quads(rows), outputOffset, 0, 0],
  ]);
}

/** The dispatch size of cut_windows for batches of up to `rows` windows. */
export function cutInvocations({ down, across }: WindowGrid, rows: number): [number, number] {
  return [quads(down.window * across.window), 4 * quads(rows)];
}

/**
 * The dispatch size of blend_windows for batches of up to `rows` windows: the values of all picture rows they can
 * cover.
 */
export function blendInvocations(grid: WindowGrid, rows: number): number {
  const { down, across, planes } = grid;
  const windowRows = Math.min(down.count, Math.ceil((rows - 1) / windowsAcross(grid)) + 1);
  return (windowStart(down, windowRows - 1) + down.window) * across.length * planes;
}
