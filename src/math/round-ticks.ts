/**
 * The step between the round numbers of an axis: 1, 2 or 5 times a power of ten, with about `count` steps from `start` to `stop`, as
 * d3-array chooses it. `start` is less than `stop`.
 */
function roundStep(start: number, stop: number, count: number): number {
  const step = (stop - start) / count;
  const power = Math.floor(Math.log10(step));
  const rest = step / 10 ** power;
  const digit = rest >= Math.sqrt(50) ? 10 : rest >= Math.sqrt(10) ? 5 : rest >= Math.sqrt(2) ? 2 : 1;
  return Number(`${digit}e${power}`);
}

/** The decimals that distinguish numbers this far apart. */
function decimalsFor(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** A linear scale of a chart, from values to pixels. */
export class LinearScale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];

  constructor(domain: readonly [number, number], range: readonly [number, number]) {
    this.domain = domain;
    this.range = range;
  }

  /** The pixel of a value. */
  at(value: number): number {
    return between(value, this.domain, this.range);
  }

  /** The value at a pixel. */
  invert(pixel: number): number {
    return between(pixel, this.range, this.domain);
  }

  /** Round values in the domain, about `count`, increasing, and their texts. */
  ticks(count: number): { readonly value: number; readonly text: string }[] {
    const [start, stop] = this.domain;
    const decimals = decimalsFor(roundStep(start, stop, count));
    return roundTicks(start, stop, count).map((value) => ({
      value,
      text: value.toFixed(decimals).replace("-", "−"),
    }));
  }
}

/** Round numbers from `start` to `stop`, about `count`, increasing. `start` is less than `stop`. */
export function roundTicks(start: number, stop: number, count: number): number[] {
  const step = roundStep(start, stop, count);
  // Divided by a whole number, because 3 * 0.1 is not 0.3.
  const inverse = Math.round(1 / step);
  const tick = (times: number) => (step < 1 ? times / inverse : times * step);
  const nearest = (value: number) => Math.round(step < 1 ? value * inverse : value / step);
  const [first, last] = [nearest(start), nearest(stop)];
  const all = Array.from({ length: last - first + 1 }, (_, index) => tick(first + index));
  return all.filter((value) => value >= start && value <= stop);
}

function between(value: number, [a, b]: readonly [number, number], [from, to]: readonly [number, number]) {
  return from + ((value - a) / (b - a)) * (to - from);
}
