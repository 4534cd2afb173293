/** Maps encoded numbers in [0, 1] to linear ones; numbers outside are clipped first. */
export type ToneCurve = (value: number) => number;

/** Steps of the tables of curves and of their inverses; numbers between them are interpolated. */
const steps = 2 ** 14;

/** Reads a `curv` or `para` tag (ICC.1:2022, 10.6 and 10.18). Throws a RangeError for any other. */
export function readCurve(view: DataView, offset: number): ToneCurve {
  const kind = view.getUint32(offset);
  if (kind === 0x63757276) return sampledCurve(view, offset);
  if (kind === 0x70617261) return tabled(parametricCurve(view, offset));
  throw new RangeError("The tag is not a curve.");
}

function sampledCurve(view: DataView, offset: number): ToneCurve {
  const count = view.getUint32(offset + 8);
  if (count === 0) return clipped;
  if (count === 1) {
    const gamma = view.getUint16(offset + 12) / 256;
    return tabled((value) => value ** gamma);
  }
  const last = view.getUint16(offset + 12 + 2 * (count - 1));
  const table = Float64Array.from({ length: count }, (_, index) =>
    index === count - 1 ? last / 65_535 : view.getUint16(offset + 12 + 2 * index) / 65_535,
  );
  return (value) => interpolated(table, clipped(value) * (count - 1));
}

/** Functions 0 to 4: (a x + b)^g + c from d on, and a straight line below. */
function parametricCurve(view: DataView, offset: number): ToneCurve {
  const kind = view.getUint16(offset + 8);
  const counts = [1, 3, 4, 5, 7];
  const count = counts[kind];
  if (count === undefined) throw new RangeError("The curve has no function that is known.");
  const given = Array.from({ length: count }, (_, index) => view.getInt32(offset + 12 + 4 * index) / 65_536);
  const [g = 1, a = 1, b = 0] = given;
  if (kind === 0) return (value) => value ** g;
  const third = given[3] ?? 0;
  if (kind < 3) {
    const floor = kind === 2 ? third : 0;
    return (value) => (value >= -b / a ? (a * value + b) ** g + floor : floor);
  }
  const [, , , , d = 0, e = 0, f = 0] = given;
  return (value) => (value >= d ? (a * value + b) ** g + e : third * value + f);
}

function clipped(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

/** The numbers between the places of a table are interpolated linearly. */
function interpolated(table: Float64Array, place: number): number {
  const below = Math.min(Math.floor(place), table.length - 2);
  const from = table[below] ?? 0;
  return from + (place - below) * ((table[below + 1] ?? 0) - from);
}

/** A curve as a table, because powers are slow. */
function tabled(curve: ToneCurve): ToneCurve {
  const table = Float64Array.from({ length: steps + 1 }, (_, index) => clipped(curve(index / steps)));
  return (value) => interpolated(table, clipped(value) * steps);
}

/**
 * The inverse of a rising curve, as a table over the square roots of linear numbers: encoded numbers rise steeply near black. Throws a
 * RangeError for a curve that falls.
 */
export function inverseCurve(curve: ToneCurve): ToneCurve {
  const table = new Float64Array(steps + 1);
  let low = 0;
  for (let step = 0; step <= steps; step++) {
    const wanted = (step / steps) ** 2;
    let high = 1;
    let start = low;
    for (let round = 0; round < 40; round++) {
      const middle = (start + high) / 2;
      if (curve(middle) < wanted) start = middle;
      else high = middle;
    }
    low = start;
    table[step] = step === steps ? 1 : (start + high) / 2;
  }
  if (!(curve(1) > curve(0.5) && curve(0.5) > curve(0))) throw new RangeError("The curve does not rise.");
  return (linear) => interpolated(table, Math.sqrt(clipped(linear)) * steps);
}
