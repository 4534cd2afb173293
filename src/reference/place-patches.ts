import type { PatchDraw, PatchTable } from "../math/patch-table.ts";
import { philox } from "../math/philox.ts";
import { at } from "./elements.ts";

/** The places of an epoch's patches, [count, 4]: (first value, step to the next row, to the next column, picture). */
export function placePatches(table: PatchTable, draw: PatchDraw): Int32Array<ArrayBuffer> {
  const { count, side, channels, flips, seed, drawStream, epoch } = draw;
  const places = new Int32Array(4 * count);
  for (let patch = 0; patch < count; patch++) {
    const [drawn, turned] = philox([patch, epoch, 0, 0], [seed, drawStream]);
    const place = Number((BigInt(drawn) * BigInt(table.places)) >> 32n);
    let picture = 0;
    while (4 * (picture + 1) < table.pictures.length && at(table.pictures, 4 * (picture + 1)) <= place)
      picture++;
    const [firstPlace = 0, firstValue = 0, , columns = 0] = table.pictures.subarray(4 * picture);
    const across = columns - side + 1;
    const row = Math.floor((place - firstPlace) / across);
    const column = (place - firstPlace) % across;
    places.set(
      [...turn({ row, column, side, columns, channels, firstValue }, flips ? turned : 0), picture],
      4 * patch,
    );
  }
  return places;
}

interface Square {
  readonly row: number;
  readonly column: number;
  readonly side: number;
  readonly columns: number;
  readonly channels: number;
  readonly firstValue: number;
}

/**
 * (first value, step to the next row, to the next column) of a square, starting at the corner that depends on
 * its turn.
 */
function turn(square: Square, bits: number): [number, number, number] {
  const { side, columns, channels, firstValue } = square;
  const upsideDown = (bits & 1) !== 0;
  const mirrored = (bits & 2) !== 0;
  const top = square.row + (upsideDown ? side - 1 : 0);
  const left = square.column + (mirrored ? side - 1 : 0);
  const first = firstValue + (top * columns + left) * channels;
  const down = (upsideDown ? -1 : 1) * columns * channels;
  const right = (mirrored ? -1 : 1) * channels;
  return (bits & 4) === 0 ? [first, down, right] : [first, right, down];
}
