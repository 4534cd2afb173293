/** The code of the image at a place among codes [images, size]. */
export function codeOf(codes: Float32Array, size: number, place: number): Float32Array<ArrayBuffer> {
  return codes.slice(place * size, (place + 1) * size);
}

/** The code a share of the straight way from one to another: 0 is the first, 1 the second. */
export function between(from: Float32Array, to: Float32Array, share: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(from, (value, unit) => (1 - share) * value + share * (to[unit] ?? 0));
}

/** Codes [count, size] at equal steps from one to another, both included. */
export function pathCodes(from: Float32Array, to: Float32Array, count: number): Float32Array<ArrayBuffer> {
  const codes = new Float32Array(count * from.length);
  for (let step = 0; step < count; step++)
    codes.set(between(from, to, step / (count - 1)), step * from.length);
  return codes;
}

/** Up to `count` units that are most active in either of two codes, by their numbers. */
export function busiestUnits(from: Float32Array, to: Float32Array, count: number): number[] {
  const activity = Array.from(from, (value, unit) => ({ unit, value: Math.max(value, to[unit] ?? 0) }));
  return activity
    .sort((one, other) => other.value - one.value || one.unit - other.unit)
    .slice(0, count)
    .map(({ unit }) => unit)
    .sort((one, other) => one - other);
}

/** A code with some of its values replaced. */
export function withValues(
  code: Float32Array,
  values: ReadonlyMap<number, number>,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(code, (value, unit) => values.get(unit) ?? value);
}
