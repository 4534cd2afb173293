import type { WindowGrid } from "../math/window-grid.ts";
import { windowPlace } from "./cut-windows.ts";
import { at } from "./elements.ts";

/** The weight of a value by its position in a window: rows [down.window] times columns [across.window]. */
export interface BlendWeights {
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
}

/**
 * Adds weight * windows [count, window], starting at number `first`, to sums [down.length, across.length, planes].
 */
export function blendWindows(
  sums: Float64Array,
  windows: ArrayLike<number>,
  grid: WindowGrid,
  first: number,
  { rows, columns }: BlendWeights,
): void {
  const { down, across, planes } = grid;
  let from = 0;
  for (let number = first; from < windows.length; number++) {
    const place = windowPlace(grid, number);
    for (let row = 0; row < down.window; row++) {
      const line = (place.row + row) * across.length + place.column;
      for (let column = 0; column < across.window; column++) {
        const target = (line + column) * planes + place.plane;
        sums[target] = at(sums, target) + at(rows, row) * at(columns, column) * at(windows, from++);
      }
    }
  }
}
