import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { defaultTraining, type LossName } from "../../spec/settings.ts";
import type { EpochRecord } from "../../training/history.ts";
import { validationPsnrTitle } from "../images/summary.ts";
import { runSpec, runState } from "../run/state.ts";
import { overlays } from "../runs/state.ts";
import { Choice } from "../shared/controls.tsx";
import { formatDecibels, formatLoss, nothing } from "../shared/format.ts";
import { chooseLossScale } from "./actions.ts";
import { alignCurves, type Curve, overlayCurves, overlayKey } from "./curves.ts";
import { EpochChart, EpochZoom, OverlayLegend } from "./epoch-chart.tsx";
import { type LossScale, lossInUse, lossOverlays, resultsState } from "./state.ts";
import { EpochTable } from "./tables.tsx";

const scales: readonly { readonly value: LossScale; readonly title: string }[] = [
  { value: "linear", title: "Linear" },
  { value: "log", title: "Log" },
];

const columnsFor = (psnrTitle: string) => [
  { title: "Training loss", of: ({ loss }: EpochRecord) => formatLoss(loss) },
  { title: "Validation loss", of: ({ valLoss }: EpochRecord) => formatLoss(valLoss) },
  { title: `${psnrTitle}, dB`, of: ({ valPsnr }: EpochRecord) => formatDecibels(valPsnr) },
];

/** The loss of every epoch as a chart, and the values of the epoch that is pointed at, otherwise of the last one. */
export function Loss() {
  const pointed = useSignal<number | undefined>(undefined);
  const { value: epochs } = runState.epochs;
  const psnrTitle = validationPsnrTitle(runSpec.value ?? defaultTraining);
  const epoch = pointed.value ?? epochs.length;
  const record = epochs[epoch - 1];
  return (
    <section class="card" aria-labelledby="loss-title">
      <div class="card-head">
        <h2 id="loss-title">Loss</h2>
        <p class="legend">
          <span class="legend-epoch">{epoch > 0 ? `epoch ${epoch}` : "no epoch yet"}</span>
          <span class="legend-item">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" class="swatch-training">
              <circle cx="6" cy="6" r="4" />
            </svg>
            training <span id="legend-training">{record ? formatLoss(record.loss) : nothing}</span>
          </span>
          <span class="legend-item">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" class="swatch-validation">
              <path d="M0 5h12v2h-12z" />
            </svg>
            validation <span id="legend-validation">{record ? formatLoss(record.valLoss) : nothing}</span>
          </span>
          <OverlayLegend
            overlays={lossOverlays.value}
            textOf={({ epochs: records }) => {
              const shown = pointed.value === undefined ? records.at(-1) : records[epoch - 1];
              return shown && formatLoss(shown.valLoss);
            }}
          />
        </p>
      </div>
      <div class="chart-tools">
        <Choice
          name="loss-scale"
          legend="Loss axis"
          options={scales}
          chosen={resultsState.lossScale.value}
          onChoose={chooseLossScale}
        />
        <EpochZoom />
      </div>
      <div class="chart">
        <LossChart
          pointed={pointed}
          onPoint={(at) => {
            pointed.value = at;
          }}
        />
        {epochs.length + lossOverlays.value.length === 0 && (
          <p class="chart-empty">Every epoch will add a point here.</p>
        )}
      </div>
      <LeftOut />
      <EpochTable label="Loss, as a table" records={epochs} columns={columnsFor(psnrTitle)} />
    </section>
  );
}

/** The note on shown runs that are not in this chart. */
function LeftOut() {
  const left = overlays.value.filter((overlay) => !lossOverlays.value.includes(overlay));
  if (left.length === 0) return null;
  const names = new Intl.ListFormat("en").format(left.map(({ run }) => run.name));
  return <p class="card-note">Not drawn here, because it has another loss: {names}.</p>;
}

interface LossChartProps {
  /** The epoch that is pointed at. */
  readonly pointed: ReadonlySignal<number | undefined>;
  /** Called with the newly pointed epoch, or undefined. */
  readonly onPoint: (epoch: number | undefined) => void;
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
function LossChart({ pointed, onPoint }: LossChartProps) {
  const { value: scale } = resultsState.lossScale;
  const { value: shown } = lossOverlays;
  const data = useComputed(() => {
    const { value: records } = runState.epochs;
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
      onPoint={onPoint}
      resting={runState.epochs.value.at(-1)?.epoch}
      curves={[...curves, ...overlayCurves(shown)]}
      axisTitle={() => lossTitles[lossInUse.peek()]}
      log={scale === "log"}
      range={scale === "log" ? logRange : linearRange}
      textAt={textAt}
    />
  );
}

function textAt(epoch: number): string | undefined {
  const own = runState.epochs.value[epoch - 1];
  const texts = [
    ...(own ? [`training ${formatLoss(own.loss)}, validation ${formatLoss(own.valLoss)}`] : []),
    ...lossOverlays.value.flatMap(({ run }) => {
      const record = run.epochs[epoch - 1];
      return record ? [`${run.name} ${formatLoss(record.valLoss)}`] : [];
    }),
  ];
  return texts.length > 0 ? `epoch ${epoch}: ${texts.join(", ")}` : undefined;
}

/** The values' range with a margin, or a default range if there are none. */
function linearRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 0.7];
  const margin = 0.08 * (max - min || max || 1);
  return [Math.max(0, min - margin), max + margin];
}

/** The same for a logarithmic axis, on which the margin is a factor and a loss of 0 cannot be shown. */
function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !(max > 0)) return [0.01, 1];
  const least = Math.max(min, max * 1e-9);
  const margin = (max / least) ** 0.08 * 1.005;
  return [least / margin, max * margin];
}
