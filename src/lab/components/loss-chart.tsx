import { type Signal, useComputed } from "@preact/signals";
import type UPlot from "uplot";
import type { LossName } from "../../spec/training.ts";
import { formatLoss } from "../format.ts";
import { store } from "../store.ts";
import { EpochChart } from "./epoch-chart.tsx";
import type { Curve } from "./epoch-chart-options.ts";

interface LossChartProps {
  /** Which epoch, counted from 0, is pointed at; the chart sets it. */
  readonly pointed: Signal<number | undefined>;
}

const lossTitles: { readonly [L in LossName]: string } = {
  bce: "loss (binary cross-entropy)",
  mse: "loss (mean squared error)",
};

const curves: readonly Curve[] = [
  { color: "--training", kind: "points" },
  { color: "--validation", kind: "line" },
];

/** Training points and a validation line over the epochs. */
export function LossChart({ pointed }: LossChartProps) {
  const { value: scale } = store.results.lossScale;
  const data = useComputed((): UPlot.AlignedData => {
    const { value: epochs } = store.epochs;
    return [
      epochs.map(({ epoch }) => epoch),
      epochs.map(({ loss }) => loss),
      epochs.map(({ valLoss }) => valLoss),
    ];
  });
  return (
    <EpochChart
      key={scale}
      label="Loss over the epochs"
      data={data}
      pointed={pointed}
      curves={curves}
      axisTitle={() => lossTitles[(store.runSpec.peek() ?? store.draft.peek()).loss]}
      log={scale === "log"}
      range={scale === "log" ? logRange : linearRange}
      textAt={textAt}
    />
  );
}

function textAt(place: number): string | undefined {
  const record = store.epochs.value[place];
  if (!record) return undefined;
  const { epoch, loss, valLoss } = record;
  return `epoch ${epoch}: training ${formatLoss(loss)}, validation ${formatLoss(valLoss)}`;
}

/** A margin around the values, and room where there are none. */
function linearRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 0.7];
  const margin = 0.08 * (max - min || max || 1);
  return [Math.max(0, min - margin), max + margin];
}

/** The same where a margin is a factor. A loss of 0 has no place on the axis. */
function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !(max > 0)) return [0.01, 1];
  const least = Math.max(min, max * 1e-9);
  const margin = (max / least) ** 0.08 * 1.005;
  return [least / margin, max * margin];
}
