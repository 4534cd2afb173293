// Noise on the values of an image: up to four stages, each applied to the result of the previous one. A stage processes all
// values before the next one begins, so its kind is selected once and it handles four quads at a time. Philox gives four
// words per quad.
// Twin: shaders/lib/noise.wgsl, which explains the words.
import { blur } from "./blur";
import { quadAt } from "./layer";
import { exp1, log4 } from "./math";
import { acrossOf, radiusOf, upOf } from "./normal";
import { philox, philox4, unitInterval, words0, words1, words2, words3 } from "./philox";
import { decodeQuads } from "./pixels";
import { counts0, counts1, poissonQuantiles } from "./poisson";
import { Sweep } from "./sweep";
import { copyView } from "./view";

/** The kinds of stages: see shaders/lib/noise.wgsl. */
const gaussianStage: u32 = 1;
const uniformStage: u32 = 2;
const saltPepperStage: u32 = 3;
const speckleStage: u32 = 4;
const poissonStage: u32 = 5;
const maskStage: u32 = 6;
export const blurStage: u32 = 7;
const bandsStage: u32 = 8;

/** Combined with a stage's number, gives the counter for drawing the stage's setting. */
const settingDraw: u32 = 0x100;

// @ts-ignore: decorator
@unmanaged
export class Noise {
  // The stages' settings: scale, from, to, exponent.
  law0: v128;
  law1: v128;
  law2: v128;
  law3: v128;
  rows: u32;
  columns: u32;
  channels: u32;
  strengths: u32; // where kernels store the first stage's setting of each row, in activations; 0 if nowhere
}

/** The image, epoch and key that the noise is drawn for. Per thread. */
let image: u32 = 0;
let epoch: u32 = 0;
let key0: u32 = 0;
let key1: u32 = 0;

/**
 * Decodes quads first .. end - 1 of the view of the picture at `seen` to pixels in [0, 1]; `last` is the end of their
 * values. `bytes` receives the view of the picture at `wanted`, which may be the same.
 */
export function decodeView(
  x: usize,
  seen: usize,
  bytes: usize,
  wanted: usize,
  first: u32,
  end: u32,
  last: u32,
  noise: Noise,
): void {
  let from = bytes + 4 * <usize>first;
  if (seen !== wanted) {
    // The bytes are staged at the end of the memory of the pixels.
    from = x + 16 * <usize>end - 4 * <usize>(end - first);
    copyView(from - 4 * <usize>first, seen, 4 * first, last, noise.columns, noise.channels);
  }
  decodeQuads(x + 16 * <usize>first, from, end - first);
}

/**
 * Applies the stages and the rest of a kernel's constants to quads first .. end - 1 of an image, of pixels in [0, 1] from `x`
 * on. `number` is the image's, for which the noise is drawn. `origin` is for a blur: the start of the bytes of the kernel's view.
 */
export function addNoise(
  STAGE0: u32,
  STAGE1: u32,
  STAGE2: u32,
  STAGE3: u32,
  CLIP: u32,
  CENTRE: f32,
  noise: Noise,
  sweep: Sweep,
  number: u32,
  origin: usize,
  x: usize,
  first: u32,
  end: u32,
): void {
  image = number;
  epoch = sweep.epoch;
  key0 = sweep.seed;
  key1 = sweep.noiseStream;
  const count = sweep.pixels;
  applyStage(STAGE0, 0, noise.law0, x, first, end, count, noise, origin);
  applyStage(STAGE1, 1, noise.law1, x, first, end, count, noise, origin);
  applyStage(STAGE2, 2, noise.law2, x, first, end, count, noise, origin);
  applyStage(STAGE3, 3, noise.law3, x, first, end, count, noise, origin);
  finishNoise(x, first, end, count, CLIP === 1, CENTRE);
}

/** The first stage's setting for the image that noise was added to last. */
export function strengthOf(noise: Noise): f32 {
  return settingOf(0, noise.law0);
}

/** Stores the strength of a row of a batch, if the network has a noise map. */
export function storeStrength(activations: usize, noise: Noise, row: u32, strength: f32): void {
  if (noise.strengths === 0) return;
  v128.store(quadAt(activations, noise.strengths + row), f32x4.replace_lane(f32x4.splat(0), 0, strength));
}

/** Applies stage number `stage` to quads first .. end - 1 of an image with `count` values. */
function applyStage(
  kind: u32,
  stage: u32,
  law: v128,
  x: usize,
  first: u32,
  end: u32,
  count: u32,
  noise: Noise,
  origin: usize,
): void {
  if (kind === 0) return;
  const setting = settingOf(stage, law);
  switch (kind) {
    case gaussianStage: {
      applyNormals(false, stage, setting, x, first, end);
      break;
    }
    case uniformStage: {
      applyUnits(uniformStage, stage, setting, x, first, end);
      break;
    }
    case saltPepperStage: {
      applyUnits(saltPepperStage, stage, setting, x, first, end);
      break;
    }
    case speckleStage: {
      applyNormals(true, stage, setting, x, first, end);
      break;
    }
    case poissonStage: {
      applyUnits(poissonStage, stage, setting, x, first, end);
      break;
    }
    case maskStage: {
      applyUnits(maskStage, stage, setting, x, first, end);
      break;
    }
    case blurStage: {
      blur(x, origin, 4 * first, min(4 * end, count), noise.columns, noise.channels, setting);
      break;
    }
    case bandsStage: {
      applyBands(stage, setting, x, 4 * first, min(4 * end, count), noise.columns * noise.channels);
      break;
    }
  }
}

/** The stage's setting for this image: scale base^exponent, or 2^base where the exponent is 0. */
function settingOf(stage: u32, law: v128): f32 {
  const scale = f32x4.extract_lane(law, 0);
  const from = f32x4.extract_lane(law, 1);
  const to = f32x4.extract_lane(law, 2);
  const exponent = f32x4.extract_lane(law, 3);
  let base = from;
  if (from !== to) {
    const words = philox(0, image, epoch, settingDraw | stage, key0, key1);
    base += (to - from) * f32x4.extract_lane(unitInterval(words), 0);
  }
  // A single number or a uniform range: there is no scaling, and a power would round.
  if (exponent === 1) return base;
  if (exponent === 0) return scale * exp1(<f32>0.6931471805599453 * base);
  if (base === 0) return 0;
  return scale * exp1(exponent * f32x4.extract_lane(log4(f32x4.splat(base)), 0));
}

/** Adds a normal number to each value, for speckle in proportion to the value. */
// @ts-ignore: decorator
@inline
function applyNormals(speckle: bool, stage: u32, setting: f32, x: usize, first: u32, end: u32): void {
  const factor = f32x4.splat(setting);
  for (let quad = first; quad < end; quad += 4) {
    drawWords(quad, stage);
    const radius0 = radiusOf(words0);
    const radius1 = radiusOf(words2);
    const across0 = acrossOf(radius0, words1);
    const up0 = upOf(radius0, words1);
    const across1 = acrossOf(radius1, words3);
    const up1 = upOf(radius1, words3);
    // Transposes: from the first number of each quad, the second, ... to all four of the first quad, of the second, ...
    const low0 = v128.shuffle<i32>(across0, up0, 0, 4, 1, 5);
    const low1 = v128.shuffle<i32>(across1, up1, 0, 4, 1, 5);
    const high0 = v128.shuffle<i32>(across0, up0, 2, 6, 3, 7);
    const high1 = v128.shuffle<i32>(across1, up1, 2, 6, 3, 7);
    const at = x + 16 * <usize>quad;
    addNormals(speckle, at, factor, v128.shuffle<i64>(low0, low1, 0, 2));
    if (quad + 1 < end) addNormals(speckle, at + 16, factor, v128.shuffle<i64>(low0, low1, 1, 3));
    if (quad + 2 < end) addNormals(speckle, at + 32, factor, v128.shuffle<i64>(high0, high1, 0, 2));
    if (quad + 3 < end) addNormals(speckle, at + 48, factor, v128.shuffle<i64>(high0, high1, 1, 3));
  }
}

// @ts-ignore: decorator
@inline
function addNormals(speckle: bool, at: usize, factor: v128, normals: v128): void {
  const x = v128.load(at);
  const size = speckle ? f32x4.mul(factor, x) : factor;
  v128.store(at, f32x4.add(x, f32x4.mul(size, normals)));
}

/** Applies one of the kinds that take a number in (0, 1) for each value. */
// @ts-ignore: decorator
@inline
function applyUnits(kind: u32, stage: u32, setting: f32, x: usize, first: u32, end: u32): void {
  const setting4 = f32x4.splat(setting);
  for (let quad = first; quad < end; quad += 4) {
    drawWords(quad, stage);
    const low0 = v128.shuffle<i32>(words0, words1, 0, 4, 1, 5);
    const low1 = v128.shuffle<i32>(words2, words3, 0, 4, 1, 5);
    const high0 = v128.shuffle<i32>(words0, words1, 2, 6, 3, 7);
    const high1 = v128.shuffle<i32>(words2, words3, 2, 6, 3, 7);
    const of0 = v128.shuffle<i64>(low0, low1, 0, 2);
    const of1 = v128.shuffle<i64>(low0, low1, 1, 3);
    const of2 = v128.shuffle<i64>(high0, high1, 0, 2);
    const of3 = v128.shuffle<i64>(high0, high1, 1, 3);
    const at = x + 16 * <usize>quad;
    if (kind === poissonStage) {
      applyCounts(at, quad + 1 < end, setting4, of0, of1);
      if (quad + 2 < end) applyCounts(at + 32, quad + 3 < end, setting4, of2, of3);
      continue;
    }
    applyUnit(kind, at, setting4, of0);
    if (quad + 1 < end) applyUnit(kind, at + 16, setting4, of1);
    if (quad + 2 < end) applyUnit(kind, at + 32, setting4, of2);
    if (quad + 3 < end) applyUnit(kind, at + 48, setting4, of3);
  }
}

// @ts-ignore: decorator
@inline
function applyUnit(kind: u32, at: usize, setting: v128, words: v128): void {
  const unit = unitInterval(words);
  const x = v128.load(at);
  if (kind === uniformStage) v128.store(at, spread(x, setting, unit));
  else if (kind === saltPepperStage) v128.store(at, salted(x, setting, unit));
  else v128.store(at, v128.andnot(x, f32x4.lt(unit, setting)));
}

// @ts-ignore: decorator
@inline
function spread(x: v128, amplitude: v128, unit: v128): v128 {
  const side = f32x4.sub(f32x4.mul(f32x4.splat(2), unit), f32x4.splat(1));
  return f32x4.add(x, f32x4.mul(amplitude, side));
}

/** The lowest half of the share becomes black, the uppermost half white. */
// @ts-ignore: decorator
@inline
function salted(x: v128, share: v128, unit: v128): v128 {
  const one = f32x4.splat(1);
  const half = f32x4.mul(f32x4.splat(0.5), share);
  const peppered = v128.andnot(x, f32x4.lt(unit, half));
  return v128.bitselect(one, peppered, f32x4.lt(f32x4.sub(one, unit), half));
}

/** Photon counts for one quad or two consecutive ones; a white pixel emits `peak` on average. */
function applyCounts(at: usize, two: bool, peak: v128, words0: v128, words1: v128): void {
  const zero = f32x4.splat(0);
  const mean0 = f32x4.mul(peak, f32x4.max(v128.load(at), zero));
  const mean1 = two ? f32x4.mul(peak, f32x4.max(v128.load(at, 16), zero)) : zero;
  poissonQuantiles(mean0, mean1, unitInterval(words0), unitInterval(words1));
  v128.store(at, f32x4.div(counts0, peak));
  if (two) v128.store(at, f32x4.div(counts1, peak), 16);
}

/** Adds one normal number to all values of a row of the image, values first .. end - 1. */
function applyBands(stage: u32, setting: f32, x: usize, first: u32, end: u32, width: u32): void {
  for (let value = first; value < end; ) {
    const row = value / width;
    const stop = min(end, (row + 1) * width);
    const words = philox(row, image, epoch, stage, key0, key1);
    const radius = radiusOf(words);
    const normals = acrossOf(radius, v128.shuffle<i32>(words, words, 1, 1, 1, 1));
    const band = f32x4.mul(f32x4.splat(setting), v128.shuffle<i32>(normals, normals, 0, 0, 0, 0));
    for (; value + 4 <= stop; value += 4) {
      const at = x + 4 * <usize>value;
      v128.store(at, f32x4.add(v128.load(at), band));
    }
    for (; value < stop; value++) {
      const at = x + 4 * <usize>value;
      store<f32>(at, load<f32>(at) + f32x4.extract_lane(band, 0));
    }
  }
}

/** Puts the words of four quads into words0 to words3. */
// @ts-ignore: decorator
@inline
function drawWords(quad: u32, stage: u32): void {
  philox4(i32x4.add(i32x4.splat(quad), i32x4(0, 1, 2, 3)), image, epoch, stage, key0, key1);
}

/** Finishes an image's quads: clips them to [0, 1], subtracts the centre, and clears the values past `count`. */
function finishNoise(x: usize, first: u32, end: u32, count: u32, clip: bool, centre: f32): void {
  if (clip || centre !== 0) {
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    const centre4 = f32x4.splat(centre);
    for (let at = x + 16 * <usize>first; at < x + 16 * <usize>end; at += 16) {
      let quad = v128.load(at);
      if (clip) quad = f32x4.pmin(one, f32x4.pmax(zero, quad));
      v128.store(at, f32x4.sub(quad, centre4));
    }
  }
  for (let value = count; value < 4 * end; value++) store<f32>(x + 4 * <usize>value, 0);
}
