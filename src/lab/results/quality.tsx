import { useSignal } from "@preact/signals";
import { sampleNumbers } from "../images/sample-numbers.ts";
import { OverlayLegend } from "../runs/overlay-legend.tsx";
import { Choice } from "../shared/choice.tsx";
import { formatCount, formatScore, nothing } from "../shared/format.ts";
import { overlays, scoredEpochs, store } from "../store.ts";
import type { SampleScores } from "../worker/run-reports.ts";
import { EpochTable } from "./epoch-tools.tsx";
import { EpochZoom } from "./epoch-zoom.tsx";
import { LevelTable } from "./level-table.tsx";
import type { ScoreName } from "./levels.ts";
import { QualityChart } from "./quality-chart.tsx";

const scores: readonly { readonly value: ScoreName; readonly title: string }[] = [
  { value: "psnr", title: "PSNR" },
  { value: "ssim", title: "SSIM" },
];

const columns = [
  { title: "PSNR, dB", of: ({ denoised }: SampleScores) => formatScore("psnr", denoised.psnr) },
  { title: "SSIM", of: ({ denoised }: SampleScores) => formatScore("ssim", denoised.ssim) },
];

/** How near the network comes to the clean images, beside the noise alone and the classical filters. */
export function Quality() {
  const pointed = useSignal<number | undefined>(undefined);
  const { score } = store.results;
  const { value: epochs } = scoredEpochs;
  const epoch = pointed.value ?? epochs.at(-1)?.epoch;
  const record = epochs.find((scored) => scored.epoch === epoch);
  return (
    <section class="card" aria-labelledby="quality-title">
      <div class="card-head">
        <h2 id="quality-title">Quality</h2>
        <p class="legend">
          <span class="legend-epoch">{epoch === undefined ? "no epoch yet" : `epoch ${epoch}`}</span>
          <span class="legend-item">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" class="swatch-validation">
              <path d="M0 5h12v2h-12z" />
            </svg>
            network{" "}
            <span id="legend-quality">
              {record ? formatScore(score.value, record.denoised[score.value]) : nothing}
            </span>
          </span>
          <OverlayLegend
            overlays={overlays.value}
            textOf={({ scores: kept }) => {
              const shown =
                pointed.value === undefined ? kept.at(-1) : kept.find((scored) => scored.epoch === epoch);
              return shown && formatScore(score.value, shown[score.value]);
            }}
          />
        </p>
      </div>
      <SampleNote />
      <div class="chart-tools">
        <Choice
          name="score"
          legend="Score"
          options={scores}
          chosen={score.value}
          onChoose={(chosen) => {
            score.value = chosen;
          }}
        />
        <EpochZoom />
      </div>
      <div class="chart">
        <QualityChart pointed={pointed} />
      </div>
      <LevelTable />
      <EpochTable label="Quality, as a table" records={epochs} columns={columns} />
    </section>
  );
}

function SampleNote() {
  const { value: images } = store.images;
  if (!images) return null;
  const count = sampleNumbers(images).length;
  const small = store.results.scores.value[0]?.noisy.ssim === undefined;
  return (
    <p class="card-note">
      The mean over {count === 1 ? "an image" : `${formatCount(count)} images`} that training never sees:
      higher is nearer to the clean image.
      {small && store.results.score.value === "ssim" && " SSIM needs images of 11 × 11 pixels at least."}
    </p>
  );
}
