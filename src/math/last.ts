/** The last item of a non-empty list. */
export function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new RangeError("An empty list has no last item.");
  return item;
}
