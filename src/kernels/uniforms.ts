import { type LayerLayout, type NetworkLayout, quads } from "../math/layout.ts";
import type { PatchDraw, PatchTable } from "../math/patch-table.ts";
import { type Stream, streams } from "../math/streams.ts";
import type { ActivationName } from "../spec/layers.ts";
import { endsOf } from "../spec/network.ts";
import type { LossName } from "../spec/training.ts";

/** The bytes of `struct Layer` in shaders/lib/layer.wgsl. */
const layerBytes = 48;

/** The place of layers in the layer table of shaders/lib/weight_update.wgsl; networkLimits.depth leaves one for the output layer. */
const maxLayers = 16;

/** `struct Layer`: 12 words, the last two of them padding. */
export function layerUniform(layer: LayerLayout): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([
    layer.spec.inputs,
    layer.spec.outputs,
    layer.rowQuads,
    layer.inputOffset,
    layer.outputOffset,
    layer.weightOffset,
    layer.biasOffset,
    layer.gradientOffset,
    layer.inputGradientOffset,
    layer.firstTile,
    0,
    0,
  ]);
}

/** `struct Layers` in shaders/lib/weight_update.wgsl. */
export function layersUniform({ layers, weightTiles }: NetworkLayout): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(4 + (maxLayers * layerBytes) / 4);
  words.set([layers.length, weightTiles]);
  layers.forEach((layer, index) => {
    words.set(layerUniform(layer), 4 + (index * layerBytes) / 4);
  });
  return words;
}

/** A sweep through images, as `struct Sweep` in shaders/lib/sweep.wgsl has it. */
export interface Sweep {
  readonly count: number;
  readonly batch: number;
  readonly pixels: number;
  readonly seed: number;
  readonly noiseStream: Stream;
  /** Of the noise. */
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

/** `struct Window` in shaders/lib/window.wgsl: all images by number, or those of a sweep from position `first` on. */
export function windowUniform(streamed: boolean, first: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([streamed ? 1 : 0, first]);
}

/** What `Cursor.trouble` holds when every number was finite. */
export const noTrouble = 0xffffffff;

/** `struct Cursor`, about to do step `next`. */
export function cursorStorage(next: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([next, next, noTrouble]);
}

/** `struct Shuffle` in shaders/shuffle_order.wgsl. */
export function shuffleUniform(count: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([count, seed, streams.shuffle, epoch]);
}

/** `ACTIVATION` in shaders/lib/dense_forward.wgsl and shaders/lib/dense_loss.wgsl. */
export const activationConstants = {
  relu: 0,
  sigmoid: 1,
  linear: 2,
  residual: 3,
} as const satisfies Record<ActivationName, number>;

/** `LOSS` in shaders/lib/loss.wgsl. */
export const lossConstants = { bce: 0, mse: 1 } as const satisfies Record<LossName, number>;

/** `struct PatchDraw` in shaders/place_patches.wgsl; the last three words are padding. */
export function patchDrawUniform(table: PatchTable, draw: PatchDraw): Uint32Array<ArrayBuffer> {
  const { count, side, channels, flips, seed, drawStream, epoch } = draw;
  const words = new Uint32Array(12);
  words.set([count, table.pictures.length / 4, table.places, side, channels]);
  words.set([flips ? 1 : 0, seed, drawStream, epoch], 5);
  return words;
}
