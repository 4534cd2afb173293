import { type Failure, median, type Result } from "./measure.ts";
import { type Shape, shapeTitle } from "./shapes.ts";

/** Losses that differ by more than this share do not come from the same mathematics. */
const sameLoss = 1e-4;

/**
 * The times and losses of a shape, or why there are none; ratios are relative to unsnow, otherwise to the first system.
 */
export function timesTable(
  shape: Shape,
  results: readonly Result[],
  failures: readonly Failure[] = [],
): string {
  const times = results.map(({ milliseconds }) => median(milliseconds));
  const own = times[results.findIndex(({ system }) => system === "unsnow")] ?? times[0] ?? Number.NaN;
  const usual = median(results.map(({ loss }) => loss));
  const rows = results.map(({ system, milliseconds, loss }, index) => {
    const time = times[index] ?? Number.NaN;
    return [
      system,
      digits(time),
      rangeOf(milliseconds),
      digits(time / own),
      digits((1000 * shape.batch) / time),
      Math.abs(loss - usual) <= sameLoss * usual ? loss.toFixed(6) : `! ${loss.toFixed(6)}`,
    ];
  });
  const head = ["", "ms/step", "of the rounds", "ratio", "images/s", `loss, step ${shape.lossSteps}`];
  const failed = failures.map(({ system, failure }) => [system, "", "", "", "", failure]);
  return `${shapeTitle(shape)}\n\n${markdownTable([head, ...rows, ...failed])}`;
}

/** The WebGPU calls of a step; empty if no system was counted. */
export function countsTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ system, counts }) => {
    if (!counts) return [];
    const { dispatches, passes, submits, waits, bytesUploaded, buffers, bindGroups, encoders } = counts;
    const shown = [dispatches, passes, submits, waits, bytesUploaded, buffers, bindGroups, encoders];
    return [[system, ...shown.map(digits)]];
  });
  if (rows.length === 0) return "";
  const head = [
    "a step:",
    "dispatches",
    "passes",
    "submits",
    "waits",
    "bytes up",
    "buffers",
    "bind groups",
    "encoders",
  ];
  return markdownTable([head, ...rows]);
}

export interface FirstStep {
  readonly system: string;
  readonly milliseconds: readonly number[];
}

export function firstStepTable(shape: Shape, firstSteps: readonly FirstStep[]): string {
  const rows = firstSteps.map(({ system, milliseconds }) => [
    system,
    digits(median(milliseconds)),
    rangeOf(milliseconds),
  ]);
  const title = `From the loaded library to the first finished step, ${shapeTitle(shape)}`;
  return `${title}\n\n${markdownTable([["", "ms", "of the rounds"], ...rows])}`;
}

/** Rows of cells as a table in Markdown, columns aligned: the first to the left, the others to the right. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = (row: readonly string[]) =>
    widths.map((width, column) =>
      column === 0 ? (row[column] ?? "").padEnd(width) : (row[column] ?? "").padStart(width),
    );
  const rule = widths.map((width, column) => `${"-".repeat(width - 1)}${column === 0 ? "-" : ":"}`);
  return [padded(head), rule, ...rows.map(padded)].map(line).join("\n");
}

/** "10.4 - 13.7", or "once". */
function rangeOf(values: readonly number[]): string {
  return values.length === 1 ? "once" : `${digits(Math.min(...values))} - ${digits(Math.max(...values))}`;
}

/** Three significant digits, or all digits of a larger integer: "0.0123", "4.56", "789", "12345". */
export function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return `${value}`;
  const places = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, Math.min(6, places)));
}
