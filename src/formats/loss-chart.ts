import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { LossName } from "../spec/settings.ts";
import type { EpochRecord } from "../training/history.ts";

export interface LossChartOptions {
  readonly title: string;
  readonly loss: LossName;
}

const width = 720;
const height = 420;
const plot = { left: 76, right: 20, top: 64, bottom: 52 };

/** The maximum number of epochs to draw: more than the chart has pixels. Longer runs are thinned out evenly. */
const maxPoints = 2000;

const lossAxis: Readonly<Record<LossName, string>> = {
  bce: "binary cross-entropy (nats a pixel)",
  mse: "mean squared error (a pixel of 0 to 1)",
};

const curves = [
  { key: "loss", name: "training" },
  { key: "valLoss", name: "validation" },
] as const;

/**
 * The attributes are for viewers without support for media queries; the style adapts the chart to a dark colour
 * scheme.
 */
const style = `
.paper { fill: #ffffff } .ink { fill: #222222 } .grid { stroke: #dddddd } .loss { stroke: #0072b2 } .valLoss { stroke: #c04f00 }
@media (prefers-color-scheme: dark) {
.paper { fill: #16181c } .ink { fill: #e6e6e6 } .grid { stroke: #3a3d44 } .loss { stroke: #56b4e9 } .valLoss { stroke: #f0a030 }
}`;

/** The training and validation loss over the epochs as an SVG file; empty axes if there are no epochs. */
export function lossChart(records: readonly EpochRecord[], { title, loss }: LossChartOptions): string {
  const points = thinOut(records);
  const losses = points.flatMap((point) => [point.loss, point.valLoss]);
  const [low, high] = losses.length === 0 ? [0, 1] : [Math.min(...losses), Math.max(...losses)];
  // A single value gets a margin on both sides.
  const margin = low === high ? Math.abs(low) / 10 || 1 : 0;
  const x = scaleLinear([1, Math.max(2, records.length)], [plot.left, width - plot.right]);
  const y = scaleLinear([low - margin, high + margin], [height - plot.bottom, plot.top]).nice();
  const yText = y.tickFormat(7);
  const pixel = (value: number) => Number(value.toFixed(2));

  const columns = x
    .ticks()
    .filter(Number.isInteger)
    .map((epoch) => label(pixel(x(epoch)), height - plot.bottom + 20, "middle", `${epoch}`));
  const rows = y
    .ticks(7)
    .flatMap((value) => [
      `<line class="grid" stroke="#dddddd" x1="${plot.left}" x2="${width - plot.right}" y1="${pixel(y(value))}" y2="${pixel(y(value))}"/>`,
      label(plot.left - 8, pixel(y(value)) + 4, "end", yText(value)),
    ]);
  const lines = curves.map(({ key, name }, index) => {
    const path = line<EpochRecord>(
      (record) => x(record.epoch),
      (record) => y(record[key]),
    ).digits(2)(points);
    const left = plot.left + 120 * index;
    const drawn = ["M", left, 46, "h", 24].join(" ");
    return [
      ...(path === null ? [] : [curve(key, path)]),
      curve(key, drawn),
      label(left + 32, 50, "start", name),
    ].join("\n");
  });
  const middle = (plot.top + height - plot.bottom) / 2;

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escapeText(title)}</title>
<style>${style}</style>
<rect class="paper" fill="#ffffff" width="100%" height="100%"/>
${[...rows, ...columns, ...lines].join("\n")}
${label(plot.left, 26, "start", title, 'font-size="15" font-weight="600"')}
${label((plot.left + width - plot.right) / 2, height - 12, "middle", "epoch")}
${label(0, 0, "middle", lossAxis[loss], `transform="translate(18 ${middle}) rotate(-90)"`)}
</svg>
`;
}

/** Every n-th record, including the first and the last. */
function thinOut(records: readonly EpochRecord[]): EpochRecord[] {
  const stride = Math.ceil(records.length / maxPoints);
  return records.filter((_, index) => index % stride === 0 || index === records.length - 1);
}

const lightColours = { loss: "#0072b2", valLoss: "#c04f00" } as const;

/**
 * The curves also differ by dashes, for users who cannot distinguish the colours. The round cap makes a single point
 * visible.
 */
function curve(key: keyof typeof lightColours, path: string): string {
  const dashes = key === "valLoss" ? ' stroke-dasharray="7 5"' : "";
  return `<path class="${key}" stroke="${lightColours[key]}" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"${dashes} d="${path}"/>`;
}

function label(x: number, y: number, anchor: "start" | "middle" | "end", text: string, more = ""): string {
  return `<text class="ink" fill="#222222" x="${x}" y="${y}" text-anchor="${anchor}" ${more}>${escapeText(text)}</text>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
