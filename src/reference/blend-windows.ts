import type { WindowGrid } from "../math/window-grid.ts";
import { windowPlaces } from "./cut-windows.ts";
import { at } from "./elements.ts";

/** What a value counts by its place in a window: rows [down.window] times columns [across.window]. */
export interface BlendWeights {
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
}

/** Adds weight * windows [count, window], of which the first is number `first`, to sums [down.length, across.length, planes]. */
export function blendWindows(
  sums: Float64Array,
  windows: ArrayLike<number>,
  grid: WindowGrid,
  first: number,
  { rows, columns }: BlendWeights,
): void {
  const { down, across, planes } = grid;
  const size = down.window * across.window;
  [...windowPlaces(grid)].slice(first, first + windows.length / size).forEach((place, slot) => {
    for (let row = 0; row < down.window; row++) {
      for (let column = 0; column < across.window; column++) {
        const value = at(windows, slot * size + row * across.window + column);
        const target = ((place.row + row) * across.length + place.column + column) * planes + place.plane;
        sums[target] = at(sums, target) + at(rows, row) * at(columns, column) * value;
      }
    }
  });
}
