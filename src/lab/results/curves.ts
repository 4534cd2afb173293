import type UPlot from "uplot";
import { roundTicks } from "../../math/round-ticks.ts";
import type { Overlay } from "../runs/state.ts";

/** The epochs that a chart shows, both ends included. */
export interface EpochRange {
  readonly from: number;
  readonly to: number;
}

/** The least number of epochs on the axis. */
const fewestEpochs = 10;

/** All epochs of a run of `planned` epochs after `done` of them, with room for later epochs at the start. */
export function allEpochs(done: number, planned: number): EpochRange {
  return { from: 1, to: Math.max(1, done, Math.min(fewestEpochs, planned)) };
}

/** The whole epochs between two positions on the axis, in either order; undefined if there are fewer than two. */
export function epochsBetween(a: number, b: number, all: EpochRange): EpochRange | undefined {
  const from = Math.max(all.from, Math.round(Math.min(a, b)));
  const to = Math.min(all.to, Math.round(Math.max(a, b)));
  return from < to ? { from, to } : undefined;
}

/**
 * The range with its length multiplied by `factor`, around an epoch whose relative position stays as close as possible; at
 * least two epochs long, and within all. Undefined if the result is all epochs.
 */
export function zoomed(
  range: EpochRange,
  factor: number,
  around: number,
  all: EpochRange,
): EpochRange | undefined {
  const whole = all.to - all.from;
  // In whole epochs, and at least one: otherwise a short range would not change.
  const length =
    factor < 1 ? Math.floor(factor * (range.to - range.from)) : Math.ceil(factor * (range.to - range.from));
  if (length >= whole) return undefined;
  const kept = Math.max(1, length);
  const place = (around - range.from) / Math.max(1, range.to - range.from);
  const from = Math.round(around - place * kept);
  const start = Math.min(Math.max(all.from, from), all.to - kept);
  return { from: start, to: start + kept };
}

/** Up to `most` of the items, evenly spread, including the last one. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = Math.ceil(items.length / most);
  return items.filter((_, index) => (items.length - 1 - index) % step === 0);
}

/**
 * Positions for labels beside lines, in the lines' order: as near to them as possible, but `gap` apart, and from `top` to
 * `bottom` if they all fit there. `places` increase.
 */
export function spreadLabels(places: readonly number[], gap: number, top: number, bottom: number): number[] {
  const spread: number[] = [];
  for (const place of places) spread.push(Math.max(place, (spread.at(-1) ?? top - gap) + gap));
  let below = bottom + gap;
  for (let index = spread.length - 1; index >= 0; index--) {
    below = Math.min(spread[index] ?? below, below - gap);
    spread[index] = below;
  }
  return spread;
}

/** The fewest numbers on a logarithmic axis, where a range has so many round ones. */
const fewestTicks = 4;

/**
 * Round numbers from `min` to `max`, both positive, for a logarithmic axis: powers of ten, with their multiples if there are few of
 * them; in a narrow range multiples of 1, 2 or 5 times a power of ten.
 */
export function logTicks(min: number, max: number): number[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) powers.push(power);
  for (const digits of [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const ticks = powers.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)));
    const within = ticks.filter((tick) => tick >= min && tick <= max);
    if (within.length >= fewestTicks) return within;
  }
  return roundTicks(min, max, fewestTicks + 1);
}

/** A curve; its colour is a custom property's name. */
export interface Curve {
  readonly color: string;
  readonly kind: "points" | "line";
  /** Lengths of dashes and gaps, in CSS pixels; undefined for a solid line. */
  readonly dash?: readonly number[];
}

type Values = readonly (number | null)[];

/** The curves of the kept runs in a chart. */
export function overlayCurves(overlays: readonly Overlay[]): Curve[] {
  return overlays.map(({ color, dash }) => ({ color, kind: "line", dash }));
}

/** The key of a choice of kept runs: each gets a new chart. */
export function overlayKey(overlays: readonly Overlay[]): string {
  return overlays.map(({ run }) => run.id).join(" ");
}

/**
 * A chart's data: [epochs, a curve's values, another's, …], from curves that each have their own epochs, in increasing
 * order. A curve's missing value is null at its own epochs, a gap, and undefined at the epochs of others, which uPlot skips.
 */
export function alignCurves(
  curves: readonly { readonly epochs: readonly number[]; readonly values: Values }[],
): UPlot.AlignedData {
  const all = [...new Set(curves.flatMap(({ epochs }) => epochs))].sort((a, b) => a - b);
  const place = new Map(all.map((epoch, index) => [epoch, index]));
  const rows = curves.map(({ epochs, values }) => {
    const row = new Array<number | null | undefined>(all.length).fill(undefined);
    epochs.forEach((epoch, index) => {
      row[place.get(epoch) ?? -1] = values[index] ?? null;
    });
    return row;
  });
  return [all, ...rows];
}
