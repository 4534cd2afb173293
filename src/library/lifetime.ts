import { InputError } from "../spec/input-error.ts";

/** Frees a resource when it is no longer needed and no work with it is running. */
export class Lifetime {
  readonly #what: string;
  readonly #free: () => void;
  #underway = 0;
  #ended = false;

  /** `what` names it, for errors on use after its end. */
  constructor(what: string, free: () => void) {
    this.#what = what;
    this.#free = free;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Does work with it; throws an InputError after its end. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new InputError(`${this.#what} was disposed, so it cannot be used any more.`);
    this.#underway += 1;
    try {
      return await work();
    } finally {
      this.#underway -= 1;
      if (this.#ended && this.#underway === 0) this.#free();
    }
  }

  /** Refuses new work. Running work is completed. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#underway === 0) this.#free();
  }
}
