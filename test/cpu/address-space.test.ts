import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressSpace } from "../../src/cpu/address-space.ts";

const alignment = 64;
const [start, end] = [100, 20_000];

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** Allocates a number of bytes, or frees one of the blocks, by its index. */
const action = fc.oneof(
  { arbitrary: fc.nat(2000).map((bytes) => ({ bytes })), weight: 3 },
  { arbitrary: fc.nat(99).map((free) => ({ free })), weight: 2 },
);

/** The length of the longest run of addresses, in steps of the alignment, that no block covers. */
function longestGap(blocks: readonly Block[]): number {
  const taken = new Set<number>();
  for (const { address, bytes } of blocks) {
    for (let at = address; at < address + Math.max(1, bytes); at += alignment) taken.add(at);
  }
  let [longest, run] = [0, 0];
  for (let at = alignment * Math.ceil(start / alignment); at + alignment <= end; at += alignment) {
    run = taken.has(at) ? 0 : run + alignment;
    longest = Math.max(longest, run);
  }
  return longest;
}

test("blocks are aligned, never overlap, and are refused only if no gap has room for them", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const space = new AddressSpace(start, end);
      const blocks: Block[] = [];
      /** The first address that was never allocated. */
      let used = 0;
      for (const one of actions) {
        if ("free" in one) {
          const [freed] = blocks.splice(one.free % Math.max(1, blocks.length), 1);
          if (freed) space.free(freed.address, freed.bytes);
          continue;
        }
        const { bytes } = one;
        const size = alignment * Math.ceil(Math.max(1, bytes) / alignment);
        const room = longestGap(blocks);
        const found = space.allocate(bytes);
        expect(found !== undefined, `${bytes} bytes in a gap of ${room}`).toBe(size <= room);
        if (!found) continue;
        const { address, fresh } = found;
        expect(address % alignment).toBe(0);
        expect(address).toBeGreaterThanOrEqual(start);
        expect(address + bytes).toBeLessThanOrEqual(end);
        for (const other of blocks) {
          const apart = address >= other.address + other.bytes || other.address >= address + bytes;
          expect(apart, "two blocks overlap").toBe(true);
        }
        // A block that is not fresh is set to zeros; a fresh one must never have been written to.
        if (fresh) expect(address).toBeGreaterThanOrEqual(used);
        used = Math.max(used, address + size);
        blocks.push({ address, bytes });
      }
    }),
  );
});

test("freed blocks are joined and reused, the first with enough room first", () => {
  const space = new AddressSpace(0, 1024);
  const blocks = [1, 2, 3, 4].map(() => space.allocate(256));
  expect(blocks.map((block) => block?.address)).toEqual([0, 256, 512, 768]);
  expect(space.allocate(1)).toBeUndefined();
  space.free(256, 256);
  space.free(512, 256);
  expect(space.allocate(512)).toEqual({ address: 256, fresh: false });
  space.free(256, 512);
  space.free(0, 256);
  expect(space.allocate(64)).toEqual({ address: 0, fresh: false });
  expect(space.allocate(704)).toEqual({ address: 64, fresh: false });
});

test("increasing blocks, one at a time, need no more addresses than the largest", () => {
  const space = new AddressSpace(0, 1024);
  for (let bytes = 64; bytes <= 1024; bytes += 64) {
    expect(space.allocate(bytes)).toEqual({ address: 0, fresh: bytes === 64 });
    space.free(0, bytes);
  }
});
