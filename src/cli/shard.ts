import { InvalidArgumentError } from "commander";

/** One part of the work, which several machines share without communication. */
export interface Shard {
  /** From 1 to count. */
  readonly index: number;
  readonly count: number;
}

/** Parses "2/8", the second of eight. */
export function shard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new InvalidArgumentError(`"${text}" is not a shard: write 1/8 to 8/8.`);
}

/** "2 of 8" */
export function shardText({ index, count }: Shard): string {
  return `${index} of ${count}`;
}

/** Every count-th item, so that neighbouring items are in different shards; all items without a shard. */
export function shardItems<T>(items: readonly T[], shard: Shard | undefined): readonly T[] {
  return shard ? items.filter((_, place) => place % shard.count === shard.index - 1) : items;
}

/** The shard's range [first, end) of 0 ... total - 1; the shards together cover all of it. The whole range without a shard. */
export function shardRange(total: number, shard: Shard | undefined): { first: number; end: number } {
  const { index, count } = shard ?? { index: 1, count: 1 };
  return { first: Math.floor((total * (index - 1)) / count), end: Math.floor((total * index) / count) };
}
