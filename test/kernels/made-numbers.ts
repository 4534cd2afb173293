import type { SampleBits, Samples } from "../../src/data/samples.ts";
import { philox, unitInterval } from "../../src/math/philox.ts";

/** Numbers for test cases, which are always the same for a name. */
export class MadeNumbers {
  #stream: number;
  #drawn = 0;

  constructor(name: string) {
    this.#stream = [...name].reduce(
      (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0,
      1,
    );
  }

  /** The next number, between min and max. */
  next(min = -1, max = 1): number {
    const [word] = philox([this.#drawn++, 0, 0, 0], [this.#stream, 0]);
    return min + (max - min) * unitInterval(word);
  }

  /** `count` numbers between min and max, rounded to float32. */
  floats(count: number, min = -1, max = 1): Float32Array<ArrayBuffer> {
    return Float32Array.from({ length: count }, () => this.next(min, max));
  }

  /** `count` samples of 8 or 16 bits, or of 32: float32 from -1 to 2. */
  samples(bits: SampleBits, count: number): Samples {
    if (bits === 8) return this.bytes(count);
    if (bits === 32) return this.floats(count, -1, 2);
    return Uint16Array.from({ length: count }, () => Math.floor(this.next(0, 65_536)));
  }

  /** `count` bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: count }, () => Math.floor(this.next(0, 256)));
  }
}
