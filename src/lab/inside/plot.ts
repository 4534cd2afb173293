import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { CodePlane, PlanePoint } from "./codes.ts";

/** Room for the ticks' numbers, in CSS pixels. */
const margin = { left: 38, right: 10, top: 10, bottom: 24 } as const;

/** Where the plane's places lie on a plot of a width and a height, in CSS pixels from its upper left corner. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** A plot with room for all points of the plane. */
export function plotOf({ points }: Pick<CodePlane, "points">, width: number, height: number): Plot {
  const [left, right] = [margin.left, Math.max(margin.left + 1, width - margin.right)];
  const [bottom, top] = [Math.max(margin.top + 1, height - margin.bottom), margin.top];
  return {
    width,
    height,
    x: scaleLinear(extent(points, 0), [left, right]),
    y: scaleLinear(extent(points, 1), [bottom, top]),
  };
}

/** The place of the plane under a pixel of the plot. */
export function placeAt({ x, y }: Plot, pixel: PlanePoint): PlanePoint {
  return { x: x.invert(pixel.x), y: y.invert(pixel.y) };
}

/** The point nearest to a pixel, if one lies within so many pixels of it. */
export function nearestPoint(
  { x, y }: Plot,
  points: Float32Array,
  pixel: PlanePoint,
  within: number,
): number | undefined {
  let found: number | undefined;
  let least = within ** 2;
  for (let point = 0; point < points.length / 2; point++) {
    const across = x(points[2 * point] ?? 0) - pixel.x;
    const up = y(points[2 * point + 1] ?? 0) - pixel.y;
    const distance = across ** 2 + up ** 2;
    if (distance > least) continue;
    least = distance;
    found = point;
  }
  return found;
}

/** The place some shares of the plot's width and height further, kept on the plot. */
export function moved(
  { x, y }: Plot,
  { x: fromX, y: fromY }: PlanePoint,
  across: number,
  up: number,
): PlanePoint {
  return { x: step(x, fromX, across), y: step(y, fromY, up) };
}

/** The plot's middle. */
export function middleOf({ x, y }: Plot): PlanePoint {
  return { x: middle(x), y: middle(y) };
}

function step(scale: ScaleLinear<number, number>, from: number, share: number): number {
  const [low = 0, high = 1] = scale.domain();
  return Math.min(high, Math.max(low, from + share * (high - low)));
}

function middle(scale: ScaleLinear<number, number>): number {
  const [low = 0, high = 1] = scale.domain();
  return (low + high) / 2;
}

/** The least and the greatest of points [count, 2] along an axis, with a margin. */
function extent(points: Float32Array, axis: 0 | 1): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = axis; index < points.length; index += 2) {
    least = Math.min(least, points[index] ?? 0);
    most = Math.max(most, points[index] ?? 0);
  }
  const room = 0.05 * (most - least) || 1;
  return least <= most ? [least - room, most + room] : [-1, 1];
}
