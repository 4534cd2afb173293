import type UPlot from "uplot";
import type { Overlay } from "../runs/overlays.ts";
import type { Curve } from "./chart-options.ts";

type Values = readonly (number | null)[];

/** How the kept runs look in a chart. */
export function overlayCurves(overlays: readonly Overlay[]): Curve[] {
  return overlays.map(({ color, dash }) => ({ color, kind: "line", dash }));
}

/** What tells one choice of kept runs from another: a chart is made anew for each. */
export function overlayKey(overlays: readonly Overlay[]): string {
  return overlays.map(({ run }) => run.id).join(" ");
}

/**
 * A chart's data: [epochs, a curve's values, another's, …], from curves that each have their own epochs, in rising order. Where a
 * curve has no value for an epoch it is null, or left out where the curve goes on later.
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
