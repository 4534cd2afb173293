/** Every block begins at a multiple of this: a cache line, so that threads never write to the same one. */
const alignment = 64;

/**
 * Allocates the addresses of a memory in blocks: the first gap that is large enough, otherwise after the last block.
 */
export class AddressSpace {
  readonly #end: number;
  /** Free blocks between used ones, by address; no two of them touch. */
  readonly #gaps: { address: number; bytes: number }[] = [];
  /** The first address that was never handed out. */
  #fresh: number;

  /** From `start` up to, not including, `end`. */
  constructor(start: number, end: number) {
    this.#fresh = rounded(start);
    this.#end = end;
  }

  /** A block, and whether none of it was ever handed out before; undefined when there is no room for it. */
  allocate(bytes: number): { readonly address: number; readonly fresh: boolean } | undefined {
    const size = rounded(Math.max(1, bytes));
    const index = this.#gaps.findIndex((gap) => gap.bytes >= size);
    const gap = this.#gaps[index];
    if (gap) {
      const { address } = gap;
      gap.address += size;
      gap.bytes -= size;
      if (gap.bytes === 0) this.#gaps.splice(index, 1);
      return { address, fresh: false };
    }
    if (this.#fresh + size > this.#end) return undefined;
    const address = this.#fresh;
    this.#fresh += size;
    return { address, fresh: true };
  }

  /** Frees a block, given its address and the number of bytes that were requested. */
  free(address: number, bytes: number): void {
    const size = rounded(Math.max(1, bytes));
    const found = this.#gaps.findIndex((gap) => gap.address > address);
    const index = found < 0 ? this.#gaps.length : found;
    this.#gaps.splice(index, 0, { address, bytes: size });
    this.#join(index);
    this.#join(index - 1);
  }

  /** Joins a gap with the next one where they touch. */
  #join(index: number): void {
    const [gap, next] = [this.#gaps[index], this.#gaps[index + 1]];
    if (!gap || !next || gap.address + gap.bytes !== next.address) return;
    gap.bytes += next.bytes;
    this.#gaps.splice(index + 1, 1);
  }
}

function rounded(bytes: number): number {
  return alignment * Math.ceil(bytes / alignment);
}
