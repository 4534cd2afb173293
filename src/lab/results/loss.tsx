import { useSignal } from "@preact/signals";
import type { EpochRecord } from "../../training/history.ts";
import { OverlayLegend } from "../runs/overlay-legend.tsx";
import { Choice } from "../shared/choice.tsx";
import { formatDecibels, formatLoss, nothing } from "../shared/format.ts";
import { lossOverlays, overlays, store } from "../store.ts";
import { EpochTable } from "./epoch-tools.tsx";
import { EpochZoom } from "./epoch-zoom.tsx";
import { LossChart } from "./loss-chart.tsx";
import type { LossScale } from "./state.ts";

const scales: readonly { readonly value: LossScale; readonly title: string }[] = [
  { value: "linear", title: "Linear" },
  { value: "log", title: "Log" },
];

const columns = [
  { title: "Training loss", of: ({ loss }: EpochRecord) => formatLoss(loss) },
  { title: "Validation loss", of: ({ valLoss }: EpochRecord) => formatLoss(valLoss) },
  { title: "Validation PSNR, dB", of: ({ valPsnr }: EpochRecord) => formatDecibels(valPsnr) },
];

/** The loss of every epoch as a chart, and the values of the epoch that is pointed at or else the last one. */
export function Loss() {
  const pointed = useSignal<number | undefined>(undefined);
  const { value: epochs } = store.epochs;
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
          chosen={store.results.lossScale.value}
          onChoose={(scale) => {
            store.results.lossScale.value = scale;
          }}
        />
        <EpochZoom />
      </div>
      <div class="chart">
        <LossChart pointed={pointed} />
        {epochs.length + lossOverlays.value.length === 0 && (
          <p class="chart-empty">Every epoch will add a point here.</p>
        )}
      </div>
      <LeftOut />
      <EpochTable label="Loss, as a table" records={epochs} columns={columns} />
    </section>
  );
}

/** Says which of the shown runs are not in this chart. */
function LeftOut() {
  const left = overlays.value.filter((overlay) => !lossOverlays.value.includes(overlay));
  if (left.length === 0) return null;
  const names = new Intl.ListFormat("en").format(left.map(({ run }) => run.name));
  return <p class="card-note">Not drawn here, since its loss is another one: {names}.</p>;
}
