import { type WindowGrid, windowStart } from "../math/window-grid.ts";
import { at } from "./elements.ts";

/** The position of a window in a picture: its upper left corner, in rows and in values of its plane. */
export interface WindowPlace {
  readonly row: number;
  readonly column: number;
  readonly plane: number;
}

/** The position of the window with this number. */
export function windowPlace({ down, across, planes }: WindowGrid, number: number): WindowPlace {
  const place = Math.floor(number / planes);
  return {
    row: windowStart(down, Math.floor(place / across.count)),
    column: windowStart(across, place % across.count),
    plane: number % planes,
  };
}

/** Windows `first` up to, not including, `end` of a picture [down.length, across.length, planes]: [end - first, window]. */
export function cutWindows(
  picture: ArrayLike<number>,
  grid: WindowGrid,
  first: number,
  end: number,
): Float64Array {
  const { down, across, planes } = grid;
  const windows = new Float64Array((end - first) * down.window * across.window);
  let to = 0;
  for (let number = first; number < end; number++) {
    const place = windowPlace(grid, number);
    for (let row = place.row; row < place.row + down.window; row++) {
      for (let column = place.column; column < place.column + across.window; column++) {
        windows[to++] = at(picture, (row * across.length + column) * planes + place.plane);
      }
    }
  }
  return windows;
}
