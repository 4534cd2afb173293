/** Every block begins at a multiple of this: a cache line, so that threads never write to the same one. */
const alignment = 64;

/** The addresses of a memory, handed out in blocks: from the first gap that is large enough, else behind the last block. */
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
    // What is free at the end of the used addresses counts, so that ever larger blocks, one at a time, need no more than the largest.
    const last = this.#gaps.at(-1);
    const atEnd = last && last.address + last.bytes === this.#fresh ? last : undefined;
    const address = atEnd?.address ?? this.#fresh;
    if (address + size > this.#end) return undefined;
    if (atEnd) this.#gaps.pop();
    this.#fresh = address + size;
    return { address, fresh: atEnd === undefined };
  }

  /** Takes a block back, of which all is given: its address and the bytes that were asked for. */
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
