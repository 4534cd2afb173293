import { toBytes } from "../../data/pixel-bytes.ts";
import type { Plane } from "../../data/plane.ts";
import { streams } from "../../math/streams.ts";
import { addNoise } from "../../reference/noise.ts";
import type { Pixels } from "../shared/picture-files.ts";

/** A point on the pad, in the image's pixels from its upper left corner; the middle of the first pixel is at 0.5. */
export interface PadPoint {
  readonly x: number;
  readonly y: number;
}

/** What the pen drew or erased from touching the pad until it was lifted. */
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

/** Half the width of a tool's stroke, in pixels of an image of this size. */
export function radiusOf(tool: Stroke["tool"], { rows, columns }: PadSize): number {
  const pen = penRadius * Math.max(1, Math.min(rows, columns) / 28);
  return tool === "pen" ? pen : eraserFactor * pen;
}

/**
 * The strokes as an image, from 0 (no ink) to 1 (full ink). Within one stroke a pixel keeps the maximum of the ink that
 * it gets, so the result does not depend on how often the pen's position was sampled; strokes over each other add up, to 1 at most.
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

/** The distance from a point to the line segment between two others. */
function distanceTo(from: PadPoint, to: PadPoint, { x, y }: PadPoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
}

/** The part of an image's side that its digit takes at most: 20 of 28 pixels. */
const boxShare = 20 / 28;

/**
 * The strokes placed as MNIST's digits are (LeCun et al. 1998): no larger than a box of 20 of 28 pixels, and with their
 * centre of mass in the middle. Strokes do not get thinner, and small drawings are not enlarged, so that nothing jumps
 * while they grow. Strokes without ink are not moved.
 */
export function centred(strokes: readonly Stroke[], size: PadSize): readonly Stroke[] {
  const middle = { x: size.columns / 2, y: size.rows / 2 };
  const boxed = intoBox(strokes, size, middle);
  const mass = massOf(boxed, size);
  return mass
    ? moved(boxed, ({ x, y }) => ({ x: x + middle.x - mass.x, y: y + middle.y - mass.y }))
    : strokes;
}

/** The strokes in the middle, scaled down if they are larger than the box. */
function intoBox(strokes: readonly Stroke[], size: PadSize, middle: PadPoint): readonly Stroke[] {
  const drawn = strokes.filter(({ tool }) => tool === "pen").flatMap(({ points }) => points);
  const [xs, ys] = [drawn.map(({ x }) => x), drawn.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = Math.max(1, boxShare * Math.min(size.rows, size.columns) - 2 * radiusOf("pen", size));
  const scale = Math.min(1, room / Math.max(right - left, bottom - top));
  return moved(strokes, ({ x, y }) => ({
    x: middle.x + scale * (x - (left + right) / 2),
    y: middle.y + scale * (y - (top + bottom) / 2),
  }));
}

function moved(strokes: readonly Stroke[], move: (point: PadPoint) => PadPoint): readonly Stroke[] {
  return strokes.map(({ tool, points }) => ({ tool, points: points.map(move) }));
}

/** The centre of mass of the strokes' ink; undefined if there is none. */
function massOf(strokes: readonly Stroke[], size: PadSize): PadPoint | undefined {
  const { columns, values } = rasterise(strokes, size);
  let [sum, x, y] = [0, 0, 0];
  values.forEach((value, pixel) => {
    sum += value;
    x += value * ((pixel % columns) + 0.5);
    y += value * (Math.floor(pixel / columns) + 0.5);
  });
  return sum > 0 ? { x: x / sum, y: y / sum } : undefined;
}

/** The point of the pad under a pointer, from the pad's rectangle on the page. */
export function padPoint(
  { clientX, clientY }: Pick<PointerEvent, "clientX" | "clientY">,
  { left, top, width, height }: Pick<DOMRect, "left" | "top" | "width" | "height">,
  { rows, columns }: PadSize,
): PadPoint {
  return { x: ((clientX - left) / width) * columns, y: ((clientY - top) / height) * rows };
}

/** The point one step further, limited to the pad. */
export function stepped({ x, y }: PadPoint, dx: number, dy: number, { rows, columns }: PadSize): PadPoint {
  const within = (value: number, end: number) => Math.min(end - 0.5, Math.max(0.5, value));
  return { x: within(x + dx, columns), y: within(y + dy, rows) };
}

/**
 * An image with Gaussian noise of a factor, clipped to [0, 1] like a stored picture. `field` identifies the noise: the
 * same number gives the same noise, scaled by the factor.
 */
export function noisy({ rows, columns, values }: Plane, factor: number, field: number): Plane {
  const noise = { stages: [{ kind: "gaussian", setting: factor }], clip: true } as const;
  const key = { seed: 0, stream: streams.validationNoise, epoch: 0 };
  const added = addNoise(values, { rows, columns, channels: 1 }, noise, key, field);
  return { rows, columns, values: Float32Array.from(added) };
}

/** The size of an image's pixel in a saved picture, and the white gap between two images. */
const enlargement = 10;
const gap = 10;

/** Grey images of one size next to each other on white, each pixel a square. There is at least one. */
export function sideBySide(planes: readonly Plane[]): Pixels {
  const { rows, columns } = planes[0] ?? { rows: 0, columns: 0 };
  const size = {
    rows: enlargement * rows,
    columns: planes.length * (enlargement * columns + gap) - gap,
  };
  const rgba = new Uint8ClampedArray(4 * size.rows * size.columns).fill(255);
  planes.forEach(({ values }, index) => {
    const bytes = toBytes(values);
    const left = index * (enlargement * columns + gap);
    for (let y = 0; y < size.rows; y++) {
      for (let x = 0; x < enlargement * columns; x++) {
        const grey = bytes[Math.floor(y / enlargement) * columns + Math.floor(x / enlargement)] ?? 0;
        const at = 4 * (y * size.columns + left + x);
        rgba.fill(grey, at, at + 3);
      }
    }
  });
  return { ...size, rgba };
}
