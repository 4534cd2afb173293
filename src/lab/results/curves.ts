/** Epochs that a chart shows, both ends among them. */
export interface EpochRange {
  readonly from: number;
  readonly to: number;
}

/** Epochs that the axis has room for from the start. */
const fewestEpochs = 10;

/** Every epoch of a run of `planned` epochs after `done` of them; a short start leaves room for what follows. */
export function allEpochs(done: number, planned: number): EpochRange {
  return { from: 1, to: Math.max(1, done, Math.min(fewestEpochs, planned)) };
}

/** The whole epochs between two places of the axis, in either order; undefined where there is none, or only one. */
export function epochsBetween(a: number, b: number, all: EpochRange): EpochRange | undefined {
  const from = Math.max(all.from, Math.round(Math.min(a, b)));
  const to = Math.min(all.to, Math.round(Math.max(a, b)));
  return from < to ? { from, to } : undefined;
}

/**
 * The range with its length changed by `factor`, around an epoch that keeps its place in it as nearly as can be; at least two
 * epochs long, and within all. Undefined if those are all.
 */
export function zoomed(
  range: EpochRange,
  factor: number,
  around: number,
  all: EpochRange,
): EpochRange | undefined {
  const whole = all.to - all.from;
  // In whole epochs, and never none: a short range would stay as it is.
  const length =
    factor < 1 ? Math.floor(factor * (range.to - range.from)) : Math.ceil(factor * (range.to - range.from));
  if (length >= whole) return undefined;
  const kept = Math.max(1, length);
  const place = (around - range.from) / Math.max(1, range.to - range.from);
  const from = Math.round(around - place * kept);
  const start = Math.min(Math.max(all.from, from), all.to - kept);
  return { from: start, to: start + kept };
}

/** Up to `most` of the items, evenly spread, the last one among them. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = Math.ceil(items.length / most);
  return items.filter((_, index) => (items.length - 1 - index) % step === 0);
}
