import type UPlot from "uplot";
import { zoomTo } from "./actions.ts";
import type { Curve } from "./curves.ts";
import { logTicks, spreadLabels } from "./curves.ts";
import { showAllEpochs, shownEpochs } from "./state.ts";

/** In pixels of the page. */
export const chartHeight = 300;

/** The least length of a drag in pixels; a shorter one counts as a click. */
const shortestDrag = 8;

/** The appearance of a chart. */
export interface ChartLooks {
  readonly curves: readonly Curve[];
  /** The title of the vertical axis; called at every draw. */
  readonly axisTitle: () => string;
  /** The range of the vertical axis, from the least and the greatest value shown, which are null if there are no values. */
  readonly range: (min: number | null, max: number | null) => [number, number];
  readonly log?: boolean;
  /** The free space on the right, in pixels. */
  readonly gutter?: number;
  /** Draws more onto the chart. */
  readonly onDraw?: (chart: UPlot) => void;
}

/** uPlot's options for a chart within `element`; `onPoint` is called with the index of the epoch under the pointer. */
export function chartOptions(
  element: HTMLElement,
  { curves, axisTitle, range, log = false, gutter = 0, onDraw }: ChartLooks,
  onPoint: (place: number | undefined) => void,
): UPlot.Options {
  // Evaluated at every draw, so that the chart follows the page's light or dark theme.
  const color = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const axis = (label: () => string): UPlot.Axis => ({
    label,
    labelSize: 20,
    labelGap: 0,
    gap: 6,
    labelFont: "13px system-ui, sans-serif",
    font: "12px system-ui, sans-serif",
    stroke: color("--ink-soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  });
  return {
    width: element.clientWidth,
    height: chartHeight,
    padding: [8, 12 + gutter, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: shortestDrag },
      points: { size: 8 },
      bind: {
        dblclick: () => () => {
          showAllEpochs();
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => [shownEpochs.peek().from - 0.5, shownEpochs.peek().to + 0.5] },
      y: { ...(log && { distr: 3 }), range: (_chart, min, max) => range(min, max) },
    },
    axes: [
      {
        ...axis(() => "epoch"),
        size: 26,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 1e5, 1e6],
      },
      { ...axis(axisTitle), size: 52, ...(log && logAxis) },
    ],
    series: [{}, ...curves.map((curve) => seriesOf(curve, color(curve.color)))],
    hooks: {
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
      setSelect: [zoomToSelection],
      draw: onDraw ? [onDraw] : [],
    },
  };
}

/** Round numbers for any range: uPlot's own ticks of a logarithmic axis may leave a narrow range without numbers. */
const logAxis: UPlot.Axis = {
  splits: (_chart, _axis, min, max) => logTicks(min, max),
  filter: (_chart, splits) => splits,
  values: (_chart, splits) => splits.map((loss) => String(Number(loss.toPrecision(6)))),
};

function seriesOf({ kind, dash }: Curve, stroke: () => string): UPlot.Series {
  return kind === "points"
    ? { stroke, fill: stroke, paths: () => null, points: { show: true, size: 6, width: 0, fill: stroke } }
    : {
        stroke,
        width: 2,
        ...(dash && { dash: [...dash] }),
        points: { show: (chart) => chart.data[0].length < 2, size: 4 },
      };
}

function zoomToSelection(chart: UPlot): void {
  const { left, width } = chart.select;
  if (width === 0) return;
  zoomTo(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** A score that is constant over the epochs, drawn as a line. */
export interface LevelLine {
  readonly label: string;
  readonly value: number;
  /** The custom property with its colour. */
  readonly color: string;
}

/** The room for the labels right of the plot, in CSS pixels. */
export const labelRoom = 64;

/** The distance between the middles of two labels, in CSS pixels. */
const lineHeight = 13;

/** Draws level lines across a chart's plot, with labels to the right of it that do not overlap. */
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
