import type UPlot from "uplot";
import { spreadLabels } from "./spread-labels.ts";

/** A score that stands still while the network's moves. */
export interface LevelLine {
  readonly label: string;
  readonly value: number;
  /** The custom property with its colour. */
  readonly color: string;
}

/** Pixels of the page right of the plot that the labels take. */
export const labelRoom = 64;

/** From one label's middle to the next one's, in pixels of the page. */
const lineHeight = 13;

/** Draws level lines across a chart's plot, with labels to the right of it that make room for each other. */
export function drawLevels(chart: UPlot, lines: readonly LevelLine[]): void {
  const { ctx, bbox, root } = chart;
  const ratio = devicePixelRatio;
  const style = getComputedStyle(root);
  const shown = lines
    .map((line) => ({ ...line, y: chart.valToPos(line.value, "y", true) }))
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y);
  const labelled = spreadLabels(
    shown.map(({ y }) => y),
    lineHeight * ratio,
    bbox.top + (lineHeight * ratio) / 2,
    bbox.top + bbox.height - (lineHeight * ratio) / 2,
  );
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  shown.forEach(({ label, color, y }, index) => {
    const place = labelled[index] ?? y;
    ctx.strokeStyle = style.getPropertyValue(color);
    ctx.fillStyle = style.getPropertyValue(color);
    ctx.lineWidth = ratio;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    stroke(ctx, [bbox.left, y, right, y]);
    ctx.setLineDash([]);
    stroke(ctx, [right, y, right + 8 * ratio, place]);
    ctx.fillText(label, right + 11 * ratio, place);
  });
  ctx.restore();
}

function stroke(ctx: CanvasRenderingContext2D, [x1, y1, x2, y2]: [number, number, number, number]): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
