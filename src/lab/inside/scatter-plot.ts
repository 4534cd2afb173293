import type { Plot } from "./plot.ts";

/** What a scatter plot is drawn with: CSS colours. */
export interface ScatterColors {
  readonly ink: string;
  readonly line: string;
  /** Of points without a label. */
  readonly point: string;
  /** By label, again from the first after the last. */
  readonly labels: readonly string[];
}

export interface ScatterPoints {
  /** [count, 2] */
  readonly points: Float32Array;
  /** [count]; undefined where points have none. */
  readonly labels: readonly number[] | undefined;
  /** The only label that is not dimmed, if one is. */
  readonly only: number | undefined;
}

/** Numbers along an axis, about this many pixels apart. */
const tickDistance = 70;

const dimmed = 0.12;

/** Draws grid, ticks and points: a point with a label is that label, so that colour alone need not tell it. */
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
    const [x, y] = [plot.x(points[2 * point] ?? 0), plot.y(points[2 * point + 1] ?? 0)];
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
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  context.font = "11px system-ui, sans-serif";
  context.strokeStyle = line;
  context.fillStyle = ink;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  const across = Math.max(2, Math.round(width / tickDistance));
  const format = x.tickFormat(across);
  for (const tick of x.ticks(across)) {
    const at = Math.round(x(tick)) + 0.5;
    stroke(context, at, top, at, bottom);
    context.fillText(format(tick), at, bottom + 7);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const up = Math.max(2, Math.round(height / tickDistance));
  const formatUp = y.tickFormat(up);
  for (const tick of y.ticks(up)) {
    const at = Math.round(y(tick)) + 0.5;
    stroke(context, left, at, right, at);
    context.fillText(formatUp(tick), left - 7, at);
  }
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
