import { philox } from "../../src/math/philox.ts";

/** Random choices that depend only on a seed and a number, so that each of many inputs can be repeated by itself. */
export class Dice {
  readonly #seed: number;
  readonly #number: number;
  #throws = 0;

  constructor(seed: number, number: number) {
    this.#seed = seed;
    this.#number = number;
  }

  /** An integer from 0 to `count` - 1. */
  below(count: number): number {
    const [word] = philox([this.#throws++, 0, 0, 0], [this.#seed, this.#number]);
    return Math.floor((word / 2 ** 32) * count);
  }

  /** True with a probability of one in `times`. */
  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new RangeError("There is nothing to choose from.");
    return choice;
  }
}
