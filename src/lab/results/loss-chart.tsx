import { type Signal, useComputed } from "@preact/signals";
import type { LossName } from "../../spec/training.ts";
import { formatLoss } from "../shared/format.ts";
import { lossInUse, lossOverlays, store } from "../store.ts";
import type { Curve } from "./chart-options.ts";
import { EpochChart } from "./epoch-chart.tsx";
import { alignCurves, overlayCurves, overlayKey } from "./overlay-curves.ts";

interface LossChartProps {
  /** The epoch that is pointed at; the chart sets it. */
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

/** Training points and a validation line over the epochs, and the validation lines of the kept runs that are shown. */
export function LossChart({ pointed }: LossChartProps) {
  const { value: scale } = store.results.lossScale;
  const { value: shown } = lossOverlays;
  const data = useComputed(() => {
    const { value: records } = store.epochs;
    const epochs = records.map(({ epoch }) => epoch);
    return alignCurves([
      { epochs, values: records.map(({ loss }) => loss) },
      { epochs, values: records.map(({ valLoss }) => valLoss) },
      ...lossOverlays.value.map(({ run }) => ({
        epochs: run.epochs.map(({ epoch }) => epoch),
        values: run.epochs.map(({ valLoss }) => valLoss),
      })),
    ]);
  });
  return (
    <EpochChart
      key={`${scale} ${overlayKey(shown)}`}
      label="Loss over the epochs"
      data={data}
      pointed={pointed}
      resting={store.epochs.value.at(-1)?.epoch}
      curves={[...curves, ...overlayCurves(shown)]}
      axisTitle={() => lossTitles[lossInUse.peek()]}
      log={scale === "log"}
      range={scale === "log" ? logRange : linearRange}
      textAt={textAt}
    />
  );
}

function textAt(epoch: number): string | undefined {
  const own = store.epochs.value[epoch - 1];
  const texts = [
    ...(own ? [`training ${formatLoss(own.loss)}, validation ${formatLoss(own.valLoss)}`] : []),
    ...lossOverlays.value.flatMap(({ run }) => {
      const record = run.epochs[epoch - 1];
      return record ? [`${run.name} ${formatLoss(record.valLoss)}`] : [];
    }),
  ];
  return texts.length > 0 ? `epoch ${epoch}: ${texts.join(", ")}` : undefined;
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
