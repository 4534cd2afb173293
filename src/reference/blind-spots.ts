import { philox } from "../math/philox.ts";
import { reachOutside, type SpotMask, spotCells } from "../spec/blind-spots.ts";
import type { PictureShape } from "./blur.ts";
import type { NoiseKey } from "./noise-draws.ts";

/** Separates this draw's counters from those of the noise. */
const spotDraw = 0x300;

/** Images with hidden pixels, and which of their values count in the loss: 1 or 0. Both [images, values]. */
export interface BlindImages {
  readonly x: Float64Array;
  readonly counted: Float64Array;
}

/**
 * Hides the blind spots of images x [images, values] and the pixels of the mask around them (Noise2Void, Krull et al. 2019,
 * arXiv:1811.10980). Only the spots count. `numbers` are the numbers of the images, for which the spots are drawn. Where masks
 * overlap, that of the later cell, row by row, applies. The reference for shaders/blind_spots.wgsl.
 */
export function blindSpots(
  x: Float64Array,
  shape: PictureShape,
  mask: SpotMask,
  numbers: ArrayLike<number>,
  key: NoiseKey,
): BlindImages {
  const size = shape.rows * shape.columns * shape.channels;
  const blind = { x: x.slice(), counted: new Float64Array(x.length) };
  const { down, across } = spotCells([shape.rows, shape.columns], mask);
  for (let image = 0; image < numbers.length; image++) {
    const placeOf = (row: number, column: number) =>
      image * size + (row * shape.columns + column) * shape.channels;
    for (let cell = 0; cell < down * across; cell++) {
      const draw = { cell, number: numbers[image] ?? 0, key, mask };
      const spot = spotIn(shape, draw);
      const [top, left] = [spot.row - (mask.rows - 1) / 2, spot.column - (mask.columns - 1) / 2];
      for (let hidden = 0; hidden < mask.rows * mask.columns; hidden++) {
        const row = top + Math.floor(hidden / mask.columns);
        const column = left + (hidden % mask.columns);
        if (row < 0 || row >= shape.rows || column < 0 || column >= shape.columns) continue;
        const other = otherPixel(shape, spot, draw, hidden);
        for (let channel = 0; channel < shape.channels; channel++) {
          blind.x[placeOf(row, column) + channel] =
            x[placeOf(other.row, other.column) + channel] ?? Number.NaN;
        }
      }
      blind.counted.fill(1, placeOf(spot.row, spot.column), placeOf(spot.row, spot.column) + shape.channels);
    }
  }
  return blind;
}

interface Pixel {
  readonly row: number;
  readonly column: number;
}

/** A cell of an image, by number. */
interface CellDraw {
  readonly cell: number;
  readonly number: number;
  readonly key: NoiseKey;
  readonly mask: SpotMask;
}

function wordsOf({ cell, number, key }: CellDraw, draw: number) {
  return philox([cell, number, key.epoch, draw], [key.seed, key.stream]);
}

/** A random whole number below `end`, from a word. */
function below(word: number, end: number): number {
  return Math.floor((word * end) / 2 ** 32);
}

/** The blind spot of a cell: any of its pixels. */
function spotIn({ rows, columns }: PictureShape, draw: CellDraw): Pixel {
  const { down, across } = spotCells([rows, columns], draw.mask);
  const [y, x] = wordsOf(draw, spotDraw);
  const within = (index: number, cells: number, side: number, word: number) => {
    const start = Math.floor((index * side) / cells);
    return start + below(word, Math.floor(((index + 1) * side) / cells) - start);
  };
  return {
    row: within(Math.floor(draw.cell / across), down, rows, y),
    column: within(draw.cell % across, across, columns, x),
  };
}

/**
 * The pixel whose value a hidden one gets: any one of the border of two pixels around the mask. Outside the image, the opposite one
 * is taken, which the mask does not hide either.
 */
function otherPixel(shape: PictureShape, spot: Pixel, draw: CellDraw, hidden: number): Pixel {
  const { mask } = draw;
  const [height, width] = [mask.rows + 2 * reachOutside, mask.columns + 2 * reachOutside];
  // The border, row by row.
  const border: Pixel[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const inside = (place: number, side: number) => place >= reachOutside && place < reachOutside + side;
      if (!(inside(row, mask.rows) && inside(column, mask.columns))) border.push({ row, column });
    }
  }
  const chosen = border[below(wordsOf(draw, spotDraw + 1 + hidden)[0], border.length)] ?? {
    row: 0,
    column: 0,
  };
  const flipped = (place: number, offset: number, side: number) =>
    place + offset < 0 || place + offset >= side ? place - offset : place + offset;
  return {
    row: flipped(spot.row, chosen.row - (height - 1) / 2, shape.rows),
    column: flipped(spot.column, chosen.column - (width - 1) / 2, shape.columns),
  };
}
