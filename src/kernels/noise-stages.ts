import type { Constants } from "../device/kernel.ts";
import { powerLaw } from "../math/power-law.ts";
import { maxNoiseStages, type NoiseSpec, settingRange } from "../spec/noise.ts";
import type { NoiseKind } from "../spec/noise-kinds.ts";

/** The values of STAGE0 to STAGE3 in shaders/lib/noise.wgsl for each kind; 0 is no stage. */
const stageConstants = {
  gaussian: 1,
  uniform: 2,
  "salt-pepper": 3,
  speckle: 4,
  poisson: 5,
  mask: 6,
  blur: 7,
  bands: 8,
} as const satisfies Record<NoiseKind, number>;

/** The constants of shaders/lib/noise.wgsl and their defaults: no noise, clipped. */
export const noiseDefaults = { STAGE0: 0, STAGE1: 0, STAGE2: 0, STAGE3: 0, CLIP: 1 } as const;

/** The constants of a kernel that includes shaders/lib/noise.wgsl. */
export function noiseConstants({ stages, clip }: NoiseSpec): Constants {
  const constants = stages.map(({ kind }, stage) => [`STAGE${stage}`, stageConstants[kind]] as const);
  return { ...Object.fromEntries(constants), CLIP: clip ? 1 : 0 };
}

/** The words of a stage in `struct Noise`: a vec4f. */
const stageWords = 4;

/** `struct Noise` in shaders/lib/noise.wgsl, for images of rows x columns pixels. `strengths` is where their strengths go; 0 for nowhere. */
export function noiseUniform(
  { stages }: NoiseSpec,
  [rows, columns]: readonly [rows: number, columns: number],
  channels: number,
  strengths = 0,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(stageWords * maxNoiseStages + 4);
  const laws = stages.map(({ setting }) => powerLaw(...settingRange(setting)));
  const floats = laws.flatMap(({ scale, from, to, exponent }) => [scale, from, to, exponent]);
  new Float32Array(words.buffer).set(floats);
  words.set([rows, columns, channels, strengths], stageWords * maxNoiseStages);
  return words;
}
