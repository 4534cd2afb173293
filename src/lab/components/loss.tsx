import { useSignal } from "@preact/signals";
import { formatLoss, nothing } from "../format.ts";
import { store } from "../store.ts";
import { LossChart } from "./loss-chart.tsx";

/** The loss of every epoch as a chart, and the values of the epoch that is pointed at or else the last one. */
export function Loss() {
  const pointed = useSignal<number | undefined>(undefined);
  const { value: epochs } = store.epochs;
  const record = epochs[pointed.value ?? epochs.length - 1];
  const point = (index: number | undefined) => {
    pointed.value = index;
  };
  return (
    <section class="card" aria-labelledby="loss-title">
      <div class="card-head">
        <h2 id="loss-title">Loss</h2>
        <p class="legend">
          <span class="legend-epoch">{record ? `epoch ${record.epoch}` : "no epoch yet"}</span>
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
        </p>
      </div>
      <div class="chart">
        <LossChart onPoint={point} />
        {!record && <p class="chart-empty">Every epoch will add a point here.</p>}
      </div>
    </section>
  );
}
