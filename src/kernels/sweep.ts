import batchMetricsCode from "../../shaders/batch_metrics.wgsl";
import shuffleOrderCode from "../../shaders/shuffle_order.wgsl";
import { defineKernel } from "../device/kernel.ts";
import { quads } from "../math/layout.ts";
import { type Stream, streams } from "../math/streams.ts";

/** The order in which an epoch visits its images. */
export const shuffleOrder = /* @__PURE__ */ defineKernel({
  name: "shuffle_order",
  code: shuffleOrderCode,
  workgroup: [64, 1],
  bindings: {
    shuffle: "uniform",
    order: "readWrite",
  },
});

/** `struct Shuffle` in shaders/shuffle_order.wgsl. */
export function shuffleUniform(count: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([count, seed, streams.shuffle, epoch]);
}

/** Ends a validation step. */
export const batchMetrics = /* @__PURE__ */ defineKernel({
  name: "batch_metrics",
  code: batchMetricsCode,
  workgroup: [16, 1],
  bindings: {
    sweep: "uniform",
    partials: "read",
    cursor: "readWrite",
    metrics: "readWrite",
  },
});

/** A sweep through images, as in `struct Sweep` in shaders/lib/sweep.wgsl. */
export interface Sweep {
  readonly count: number;
  readonly batch: number;
  readonly pixels: number;
  readonly seed: number;
  readonly noiseStream: Stream;
  /** For the noise. */
  readonly epoch: number;
}

/** `struct Sweep`. */
export function sweepUniform(sweep: Sweep): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([
    sweep.count,
    sweep.batch,
    quads(sweep.batch),
    quads(sweep.pixels),
    sweep.pixels,
    sweep.seed,
    sweep.noiseStream,
    sweep.epoch,
  ]);
}

/** The value of `Cursor.trouble` if every number was finite. */
export const noTrouble = 0xffffffff;

/** `struct Cursor`, with `next` as the next step. */
export function cursorStorage(next: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([next, next, noTrouble]);
}
