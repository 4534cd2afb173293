import { LinearScale } from "../../math/round-ticks.ts";
import type { CodePlane, PlanePoint } from "./codes.ts";

/** Room for the ticks' numbers, in CSS pixels. */
const margin = { left: 38, right: 10, top: 10, bottom: 24 } as const;

/** The scales from the plane to a plot of a width and a height, in CSS pixels from its upper left corner. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: LinearScale;
  readonly y: LinearScale;
}

/** A plot with room for all points of the plane. */
export function plotOf({ points }: Pick<CodePlane, "points">, width: number, height: number): Plot {
  const [left, right] = [margin.left, Math.max(margin.left + 1, width - margin.right)];
  const [bottom, top] = [Math.max(margin.top + 1, height - margin.bottom), margin.top];
  return {
    width,
    height,
    x: new LinearScale(extent(points, 0), [left, right]),
    y: new LinearScale(extent(points, 1), [bottom, top]),
  };
}

/** The point of the plane under a pixel of the plot. */
export function placeAt({ x, y }: Plot, pixel: PlanePoint): PlanePoint {
  return { x: x.invert(pixel.x), y: y.invert(pixel.y) };
}

/** The index of the point nearest to a pixel, if its distance is at most `within` pixels. */
export function nearestPoint(
  { x, y }: Plot,
  points: Float32Array,
  pixel: PlanePoint,
  within: number,
): number | undefined {
  let found: number | undefined;
  let least = within ** 2;
  for (let point = 0; point < points.length / 2; point++) {
    const across = x.at(points[2 * point] ?? 0) - pixel.x;
    const up = y.at(points[2 * point + 1] ?? 0) - pixel.y;
    const distance = across ** 2 + up ** 2;
    if (distance > least) continue;
    least = distance;
    found = point;
  }
  return found;
}

/** The point moved by shares of the plot's width and height, limited to the plot. */
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

function step(scale: LinearScale, from: number, share: number): number {
  const [low, high] = scale.domain;
  return Math.min(high, Math.max(low, from + share * (high - low)));
}

function middle(scale: LinearScale): number {
  const [low, high] = scale.domain;
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

/** The CSS colours of a scatter plot. */
interface ScatterColors {
  readonly ink: string;
  readonly line: string;
  /** The colour of points without a label. */
  readonly point: string;
  /** The colours by label; they repeat after the last one. */
  readonly labels: readonly string[];
}

interface ScatterPoints {
  /** [count, 2] */
  readonly points: Float32Array;
  /** [count]; undefined if points have none. */
  readonly labels: readonly number[] | undefined;
  /** The only label that is not dimmed; undefined if none is dimmed. */
  readonly only: number | undefined;
}

/** Numbers along an axis, about this many pixels apart. */
const tickDistance = 70;

const dimmed = 0.12;

/** Draws grid, ticks and points. A point with a label is drawn as that label, so colour is not the only cue. */
export function drawScatter(
  context: CanvasRenderingContext2D,
  plot: Plot,
  { points, labels, only }: ScatterPoints,
  colors: ScatterColors,
): void {
  context.clearRect(0, 0, plot.width, plot.height);
  drawGrid(context, plot, colors);
  context.font = "650 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let point = 0; point < points.length / 2; point++) {
    const [x, y] = [plot.x.at(points[2 * point] ?? 0), plot.y.at(points[2 * point + 1] ?? 0)];
    const label = labels?.[point];
    context.globalAlpha = only === undefined || only === label ? 1 : dimmed;
    context.fillStyle = colorOf(label, colors);
    if (label !== undefined) context.fillText(String(label), x, y);
    else drawDot(context, x, y);
  }
  context.globalAlpha = 1;
}

/** The colour of a label, or of a point without one. */
function colorOf(label: number | undefined, { point, labels }: ScatterColors): string {
  return label === undefined ? point : (labels[label % labels.length] ?? point);
}

function drawDot(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 2.5, 0, 2 * Math.PI);
  context.fill();
}

function drawGrid(context: CanvasRenderingContext2D, plot: Plot, { ink, line }: ScatterColors): void {
  const { x, y, width, height } = plot;
  const [left, right] = x.range;
  const [bottom, top] = y.range;
  context.font = "11px system-ui, sans-serif";
  context.strokeStyle = line;
  context.fillStyle = ink;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  const across = Math.max(2, Math.round(width / tickDistance));
  for (const { value, text } of x.ticks(across)) {
    const at = Math.round(x.at(value)) + 0.5;
    stroke(context, at, top, at, bottom);
    context.fillText(text, at, bottom + 7);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const up = Math.max(2, Math.round(height / tickDistance));
  for (const { value, text } of y.ticks(up)) {
    const at = Math.round(y.at(value)) + 0.5;
    stroke(context, left, at, right, at);
    context.fillText(text, left - 7, at);
  }
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Reads the page's current colours for points, light or dark. */
export function readScatterColors(): ScatterColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name);
  return {
    ink: color("--ink-soft"),
    line: color("--line"),
    point: color("--accent"),
    labels: Array.from({ length: 10 }, (_, label) => color(`--label-${label}`)),
  };
}
