import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { type Comparison, noisyPsnrTitle, sampleNumbers } from "../images/summary.ts";
import { comparison, runImages, runSpec } from "../run/state.ts";
import type { EpochScores } from "../runs/run-record.ts";
import { Choice } from "../shared/controls.tsx";
import { formatCount, formatScore, nothing } from "../shared/format.ts";
import { chooseScore } from "./actions.ts";
import { drawLevels, type LevelLine, labelRoom } from "./chart-options.ts";
import { alignCurves, type Curve, overlayCurves, overlayKey } from "./curves.ts";
import { EpochChart, EpochZoom, OverlayLegend } from "./epoch-chart.tsx";
import {
  levels,
  resultsState,
  type ScoredEpoch,
  type ScoreName,
  scoredEpochs,
  scoreInUse,
  scoreOverlays,
} from "./state.ts";
import { EpochTable, LevelTable } from "./tables.tsx";

const scores: readonly { readonly value: ScoreName; readonly title: string }[] = [
  { value: "psnr", title: "PSNR" },
  { value: "ssim", title: "SSIM" },
];

/** The columns of the table of epochs. */
function columnsFor(compared: Comparison) {
  const psnr = compared === "clean" ? "PSNR" : noisyPsnrTitle;
  const columns = [
    { title: `${psnr}, dB`, of: ({ denoised }: ScoredEpoch) => formatScore("psnr", denoised.psnr) },
    { title: "SSIM", of: ({ denoised }: ScoredEpoch) => formatScore("ssim", denoised.ssim) },
  ];
  return compared === "nothing" ? columns.slice(0, 1) : columns;
}

/** How close the network's output is to the clean images, or to noisy ones if there are none, compared with the noisy images and the classical filters. */
export function Quality() {
  const pointed = useSignal<number | undefined>(undefined);
  const { value: score } = scoreInUse;
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
            <span id="legend-quality">{record ? formatScore(score, record.denoised[score]) : nothing}</span>
          </span>
          <OverlayLegend
            overlays={scoreOverlays.value}
            textOf={({ scores: kept }) => {
              const shown =
                pointed.value === undefined ? kept.at(-1) : kept.find((scored) => scored.epoch === epoch);
              return shown && formatScore(score, shown[score]);
            }}
          />
        </p>
      </div>
      <SampleNote />
      <div class="chart-tools">
        {comparison.value !== "nothing" && (
          <Choice name="score" legend="Score" options={scores} chosen={score} onChoose={chooseScore} />
        )}
        <EpochZoom />
      </div>
      <div class="chart">
        <QualityChart
          pointed={pointed}
          onPoint={(at) => {
            pointed.value = at;
          }}
        />
      </div>
      {comparison.value !== "nothing" && <LevelTable />}
      <EpochTable label="Quality, as a table" records={epochs} columns={columnsFor(comparison.value)} />
    </section>
  );
}

function SampleNote() {
  const { value: images } = runImages;
  const { value: compared } = comparison;
  if (!images) return null;
  const count = sampleNumbers(images).length;
  const small = resultsState.scores.value[0]?.noisy.ssim === undefined;
  const many = count === 1 ? "an image" : `${formatCount(count)} images`;
  if (compared === "nothing") return <p class="card-note">{noCleanNote}</p>;
  return (
    <p class="card-note">
      The mean over {many} that training never sees: higher is nearer to{" "}
      {compared === "clean" ? "the clean image." : "the other noisy shot, whose noise keeps it low."}
      {runSpec.value?.selfSupervised && " The clean images are only for this comparison."}
      {small && scoreInUse.value === "ssim" && " SSIM needs images of 11 × 11 pixels at least."}
    </p>
  );
}

const noCleanNote =
  "There are no clean pictures, so this is the PSNR to noisy pixels: hidden pixels of pictures that training never sees, as the network predicts them, against their noisy values. Better predictions raise it, but their noise keeps it low.";

interface QualityChartProps {
  /** The epoch that is pointed at. */
  readonly pointed: ReadonlySignal<number | undefined>;
  /** Called with the newly pointed epoch, or undefined. */
  readonly onPoint: (epoch: number | undefined) => void;
}

const curves: readonly Curve[] = [{ color: "--validation", kind: "line" }];

function scoreTitle(score: ScoreName): string {
  if (score === "ssim") return "SSIM";
  return comparison.value === "clean" ? "PSNR" : noisyPsnrTitle;
}

function axisTitle(score: ScoreName): string {
  return score === "psnr" ? `${scoreTitle(score)} (dB)` : scoreTitle(score);
}

/** The scores of the network and of the shown kept runs over the epochs, and the levels that the network is compared with. */
function QualityChart({ pointed, onPoint }: QualityChartProps) {
  const { value: shown } = scoreOverlays;
  const data = useComputed(() => {
    const { value: score } = scoreInUse;
    const curveOf = (scores: readonly EpochScores[]) => ({
      epochs: scores.map(({ epoch }) => epoch),
      values: scores.map(({ [score]: value }) => value ?? null),
    });
    const own = scoredEpochs.value.map(({ epoch, denoised }) => ({ epoch, ...denoised }));
    return alignCurves([curveOf(own), ...scoreOverlays.value.map(({ run }) => curveOf(run.scores))]);
  });
  return (
    <EpochChart
      key={`${comparison.value} ${overlayKey(shown)}`}
      label="Quality over the epochs"
      data={data}
      pointed={pointed}
      onPoint={onPoint}
      resting={scoredEpochs.value.at(-1)?.epoch}
      curves={[...curves, ...overlayCurves(shown)]}
      axisTitle={() => axisTitle(scoreInUse.peek())}
      range={scoreRange}
      gutter={labelRoom}
      onDraw={(chart) => drawLevels(chart, levelLines())}
      drawn={levels}
      textAt={textAt}
    />
  );
}

function textAt(epoch: number): string | undefined {
  const { value: score } = scoreInUse;
  const own = scoredEpochs.value.find((record) => record.epoch === epoch)?.denoised;
  const texts = [
    ...(own ? [`${scoreTitle(score)} ${formatScore(score, own[score])}`] : []),
    ...scoreOverlays.value.flatMap(({ run }) => {
      const scores = run.scores.find((record) => record.epoch === epoch);
      return scores ? [`${run.name} ${formatScore(score, scores[score])}`] : [];
    }),
  ];
  return texts.length > 0 ? `epoch ${epoch}: ${texts.join(", ")}` : undefined;
}

function levelLines(): LevelLine[] {
  const score = scoreInUse.peek();
  return levels.peek().flatMap(({ name, label, [score]: value }) => {
    // Images without noise have an infinite PSNR, and small ones have no SSIM.
    if (value === undefined || !Number.isFinite(value)) return [];
    return [{ label, value, color: name === "noisy" ? "--ink" : "--ink-soft" }];
  });
}

/** The range of the curve and the levels with a margin, or a default range if there are none. */
function scoreRange(min: number | null, max: number | null): [number, number] {
  const values = levelLines().map(({ value }) => value);
  for (const end of [min, max]) if (end !== null && Number.isFinite(end)) values.push(end);
  if (values.length === 0) return scoreInUse.peek() === "psnr" ? [5, 20] : [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.06 * (high - low || 1);
  return [low - margin, high + margin];
}
