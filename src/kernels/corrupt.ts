import corruptBatchCode from "../../shaders/corrupt_batch.wgsl";
import { defineKernel } from "../device/kernel.ts";
import { noiseDefaults } from "./noise-stages.ts";
import { sampleDefaults } from "./samples.ts";

/** Gathers a batch of images and adds noise. */
export const corruptBatch = /* @__PURE__ */ defineKernel({
  name: "corrupt_batch",
  code: corruptBatchCode,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    window: "uniform",
    noise: "uniform",
    order: "read",
    noisy: "read",
    clean: "read",
    cursor: "readWrite",
    activations: "readWrite",
    cleanBatch: "readWrite",
  },
  constants: { ...sampleDefaults, ...noiseDefaults, SWAP: 0, SHIFT: 0, CENTRE: 0 },
});

/** `struct Window` in shaders/lib/window.wgsl: all images by number, or those of a sweep from position `first` on. */
export function windowUniform(streamed: boolean, first: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([streamed ? 1 : 0, first]);
}
