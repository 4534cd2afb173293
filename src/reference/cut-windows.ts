import { type WindowGrid, windowStart } from "../math/window-grid.ts";
import { at } from "./elements.ts";

/** Where a window lies in a picture: its upper left corner, in rows and in values of its plane. */
export interface WindowPlace {
  readonly row: number;
  readonly column: number;
  readonly plane: number;
}

/** All windows of a grid in the order of their numbers. */
export function* windowPlaces({ down, across, planes }: WindowGrid): Generator<WindowPlace> {
  for (let k = 0; k < down.count; k++) {
    for (let j = 0; j < across.count; j++) {
      for (let plane = 0; plane < planes; plane++) {
        yield { row: windowStart(down, k), column: windowStart(across, j), plane };
      }
    }
  }
}

/** Windows `first` up to, not including, `end` of a picture [down.length, across.length, planes]: [end - first, window]. */
export function cutWindows(
  picture: ArrayLike<number>,
  grid: WindowGrid,
  first: number,
  end: number,
): Float64Array {
  const { down, across, planes } = grid;
  const windows: number[] = [];
  for (const place of [...windowPlaces(grid)].slice(first, end)) {
    for (let row = place.row; row < place.row + down.window; row++) {
      for (let column = place.column; column < place.column + across.window; column++) {
        windows.push(at(picture, (row * across.length + column) * planes + place.plane));
      }
    }
  }
  return Float64Array.from(windows);
}
