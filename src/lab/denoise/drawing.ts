import type { Plane } from "../../data/plane.ts";

/** A place on the pad, in the image's pixels from its upper left corner: a pixel's middle is at a half. */
export interface PadPoint {
  readonly x: number;
  readonly y: number;
}

/** What the pen drew, or rubbed out, from touching the pad until it was lifted. */
export interface Stroke {
  readonly tool: "pen" | "eraser";
  /** At least one. */
  readonly points: readonly PadPoint[];
}

/** Rows and columns of the pad. */
export type PadSize = Pick<Plane, "rows" | "columns">;

/** Half the pen's width, in pixels of a 28 x 28 image: about MNIST's strokes. */
const penRadius = 1.2;

/** How much wider the eraser is. */
const eraserFactor = 2;

/** Over how many pixels a stroke's edge fades. */
const edge = 1;

/** Half the width of what a tool leaves, in pixels of an image of this size. */
export function radiusOf(tool: Stroke["tool"], { rows, columns }: PadSize): number {
  const pen = penRadius * Math.max(1, Math.min(rows, columns) / 28);
  return tool === "pen" ? pen : eraserFactor * pen;
}

/**
 * The strokes as an image, 0 where there is nothing and 1 where the ink is full. Along one stroke a pixel takes the most that
 * it gets, so that it does not matter how often the pen was looked at; a stroke over another adds to it, up to 1.
 */
export function rasterise(strokes: readonly Stroke[], size: PadSize): Plane {
  const { rows, columns } = size;
  const values = new Float32Array(rows * columns);
  for (const { tool, points } of strokes) {
    const ink = inkOf(points, radiusOf(tool, size), size);
    ink.forEach((amount, pixel) => {
      const before = values[pixel] ?? 0;
      values[pixel] = tool === "pen" ? Math.min(1, before + amount) : before * (1 - amount);
    });
  }
  return { rows, columns, values };
}

/** How much of each pixel a stroke covers: 0 to 1. */
function inkOf(points: readonly PadPoint[], radius: number, { rows, columns }: PadSize): Float32Array {
  const ink = new Float32Array(rows * columns);
  const reach = radius + edge / 2;
  points.forEach((to, index) => {
    const from = points[index - 1] ?? to;
    const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
    const bottom = Math.min(rows, Math.ceil(Math.max(from.y, to.y) + reach));
    const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
    const right = Math.min(columns, Math.ceil(Math.max(from.x, to.x) + reach));
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const distance = distanceTo(from, to, { x: column + 0.5, y: row + 0.5 });
        const amount = Math.min(1, Math.max(0, (reach - distance) / edge));
        const pixel = row * columns + column;
        ink[pixel] = Math.max(ink[pixel] ?? 0, amount);
      }
    }
  });
  return ink;
}

/** From a point to the nearest of the straight way between two others. */
function distanceTo(from: PadPoint, to: PadPoint, { x, y }: PadPoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
}
