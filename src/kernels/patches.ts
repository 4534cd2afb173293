import corruptPatchesCode from "../../shaders/corrupt_patches.wgsl";
import placePatchesCode from "../../shaders/place_patches.wgsl";
import { defineKernel } from "../device/kernel.ts";
import type { PatchDraw, PatchTable } from "../math/patch-table.ts";
import { noiseDefaults } from "./noise-stages.ts";
import { sampleDefaults } from "./samples.ts";

/** Cuts a batch of patches out of pictures and adds noise. */
export const corruptPatches = /* @__PURE__ */ defineKernel({
  name: "corrupt_patches",
  code: corruptPatchesCode,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    noise: "uniform",
    order: "read",
    places: "read",
    pictures: "read",
    noisy: "read",
    clean: "read",
    cursor: "readWrite",
    activations: "readWrite",
    cleanBatch: "readWrite",
  },
  constants: { ...sampleDefaults, ...noiseDefaults, SWAP: 0, CENTRE: 0 },
});

/** Draws the places of an epoch's patches. */
export const placePatches = /* @__PURE__ */ defineKernel({
  name: "place_patches",
  code: placePatchesCode,
  workgroup: [64, 1],
  bindings: {
    draw: "uniform",
    pictures: "read",
    places: "readWrite",
  },
});

/** `struct PatchDraw` in shaders/place_patches.wgsl; the last three words are padding. */
export function patchDrawUniform(table: PatchTable, draw: PatchDraw): Uint32Array<ArrayBuffer> {
  const { count, side, channels, flips, seed, drawStream, epoch } = draw;
  const words = new Uint32Array(12);
  words.set([count, table.pictures.length / 4, table.places, side, channels]);
  words.set([flips ? 1 : 0, seed, drawStream, epoch], 5);
  return words;
}
