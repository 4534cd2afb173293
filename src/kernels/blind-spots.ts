import blindSpotsCode from "../../shaders/blind_spots.wgsl";
import exchangeBatchCode from "../../shaders/exchange_batch.wgsl";
import { defineKernel } from "../device/kernel.ts";
import { type SpotMask, spotCells } from "../spec/blind-spots.ts";

/** Hides the blind spots of a batch. */
export const blindSpots = /* @__PURE__ */ defineKernel({
  name: "blind_spots",
  code: blindSpotsCode,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    spots: "uniform",
    order: "read",
    cursor: "readWrite",
    activations: "read",
    blinded: "readWrite",
    counted: "readWrite",
  },
});

/** Makes the noisy images of a batch its targets. */
export const exchangeBatch = /* @__PURE__ */ defineKernel({
  name: "exchange_batch",
  code: exchangeBatchCode,
  workgroup: [16, 4],
  bindings: { sweep: "uniform", activations: "readWrite", targets: "readWrite" },
});

/** `struct BlindSpots` in shaders/blind_spots.wgsl. */
export function blindSpotsUniform(
  [rows, columns]: readonly [rows: number, columns: number],
  channels: number,
  mask: SpotMask,
  epoch: number,
): Uint32Array<ArrayBuffer> {
  const { down, across } = spotCells([rows, columns], mask);
  return Uint32Array.from([rows, columns, channels, mask.rows, mask.columns, down, across, epoch]);
}
