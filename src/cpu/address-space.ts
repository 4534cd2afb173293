/** Every block begins at a multiple of this number, the size of a cache line, so that threads never write to the same line. */
const alignment = 64;

/** Allocates blocks of a memory's addresses: in the first gap that is large enough, otherwise after the last block. */
export class AddressSpace {
  readonly #end: number;
  /** Free blocks between used ones, by address; no two of them touch. */
  readonly #gaps: { address: number; bytes: number }[] = [];
  /** The first address that was never allocated. */
  #fresh: number;

  /** The addresses from `start` up to, not including, `end`. */
  constructor(start: number, end: number) {
    this.#fresh = rounded(start);
    this.#end = end;
  }

  /** Allocates a block; `fresh` is whether none of it was ever allocated before. Undefined if there is no room for it. */
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
    // A gap at the end is extended, so that increasing blocks, one at a time, need no more addresses than the largest.
    const last = this.#gaps.at(-1);
    const atEnd = last && last.address + last.bytes === this.#fresh ? last : undefined;
    const address = atEnd?.address ?? this.#fresh;
    if (address + size > this.#end) return undefined;
    if (atEnd) this.#gaps.pop();
    this.#fresh = address + size;
    return { address, fresh: atEnd === undefined };
  }

  /** Frees a whole block: its address, and the number of bytes that was requested. */
  free(address: number, bytes: number): void {
    const size = rounded(Math.max(1, bytes));
    const found = this.#gaps.findIndex((gap) => gap.address > address);
    const index = found < 0 ? this.#gaps.length : found;
    this.#gaps.splice(index, 0, { address, bytes: size });
    this.#join(index);
    this.#join(index - 1);
  }

  /** Joins a gap with the next one if they touch. */
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
