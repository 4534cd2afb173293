import { normal4 } from "../math/normal.ts";
import { philox, unitInterval, type Words4 } from "../math/philox.ts";
import { drawnBy, powerLaw } from "../math/power-law.ts";
import type { Stream } from "../math/streams.ts";
import { type NoiseSetting, settingRange } from "../spec/noise.ts";
import { at } from "./elements.ts";

/** The key of a noise: the same key gives the same noise on every image and pixel. */
export interface NoiseKey {
  readonly seed: number;
  readonly stream: Stream;
  readonly epoch: number;
}

/** Combined with a stage's number, gives the counter for drawing the stage's setting. */
const settingDraw = 0x100;

/** The random numbers of one stage on one image, indexed by value. The numbers of four values are drawn together. */
export class NoiseDraws {
  readonly #key: NoiseKey;
  readonly #image: number;
  readonly #stage: number;
  #quad = -1;
  #words: Words4 = [0, 0, 0, 0];
  /** Computed from the words on demand. */
  #normals: readonly number[] | undefined;

  constructor(key: NoiseKey, image: number, stage: number) {
    this.#key = key;
    this.#image = image;
    this.#stage = stage;
  }

  /** Uniform between 0 and 1. */
  unit(value: number): number {
    return unitInterval(at(this.#wordsOf(value), value % 4));
  }

  /** Standard normal. */
  normal(value: number): number {
    const words = this.#wordsOf(value);
    this.#normals ??= normal4(words);
    return at(this.#normals, value % 4);
  }

  /** The stage's setting for this image. */
  setting(setting: NoiseSetting): number {
    const share = unitInterval(this.#draw(0, settingDraw | this.#stage)[0]);
    return drawnBy(powerLaw(...settingRange(setting)), share);
  }

  #wordsOf(value: number): Words4 {
    const quad = Math.floor(value / 4);
    if (quad !== this.#quad) {
      this.#words = this.#draw(quad, this.#stage);
      this.#normals = undefined;
      this.#quad = quad;
    }
    return this.#words;
  }

  #draw(position: number, draw: number): Words4 {
    const { seed, stream, epoch } = this.#key;
    return philox([position, this.#image, epoch, draw], [seed, stream]);
  }
}
