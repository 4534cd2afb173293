import { type Signal, useComputed } from "@preact/signals";
import type { EpochScores } from "../runs/run-record.ts";
import { formatScore } from "../shared/format.ts";
import { levels, overlays, scoredEpochs, store } from "../store.ts";
import type { Curve } from "./chart-options.ts";
import { EpochChart } from "./epoch-chart.tsx";
import { drawLevels, type LevelLine, labelRoom } from "./level-lines.ts";
import type { ScoreName } from "./levels.ts";
import { alignCurves, overlayCurves, overlayKey } from "./overlay-curves.ts";

interface QualityChartProps {
  /** The epoch that is pointed at; the chart sets it. */
  readonly pointed: Signal<number | undefined>;
}

const curves: readonly Curve[] = [{ color: "--validation", kind: "line" }];

const axisTitles: { readonly [S in ScoreName]: string } = { psnr: "PSNR (dB)", ssim: "SSIM" };

/** The network's score over the epochs, that of the kept runs that are shown, and the levels that it is held against. */
export function QualityChart({ pointed }: QualityChartProps) {
  const { value: shown } = overlays;
  const data = useComputed(() => {
    const { value: score } = store.results.score;
    const curveOf = (scores: readonly EpochScores[]) => ({
      epochs: scores.map(({ epoch }) => epoch),
      values: scores.map(({ [score]: value }) => value ?? null),
    });
    const own = scoredEpochs.value.map(({ epoch, denoised }) => ({ epoch, ...denoised }));
    return alignCurves([curveOf(own), ...overlays.value.map(({ run }) => curveOf(run.scores))]);
  });
  return (
    <EpochChart
      key={overlayKey(shown)}
      label="Quality over the epochs"
      data={data}
      pointed={pointed}
      resting={scoredEpochs.value.at(-1)?.epoch}
      curves={[...curves, ...overlayCurves(shown)]}
      axisTitle={() => axisTitles[store.results.score.peek()]}
      range={scoreRange}
      gutter={labelRoom}
      onDraw={(chart) => drawLevels(chart, levelLines())}
      drawn={levels}
      textAt={textAt}
    />
  );
}

function textAt(epoch: number): string | undefined {
  const { value: score } = store.results.score;
  const own = scoredEpochs.value.find((record) => record.epoch === epoch)?.denoised;
  const texts = [
    ...(own ? [`${axisTitles[score]} ${formatScore(score, own[score])}`] : []),
    ...overlays.value.flatMap(({ run }) => {
      const scores = run.scores.find((record) => record.epoch === epoch);
      return scores ? [`${run.name} ${formatScore(score, scores[score])}`] : [];
    }),
  ];
  return texts.length > 0 ? `epoch ${epoch}: ${texts.join(", ")}` : undefined;
}

function levelLines(): LevelLine[] {
  const score = store.results.score.peek();
  return levels.peek().flatMap(({ name, label, [score]: value }) => {
    // Images without noise have an endless PSNR, and small ones have no SSIM.
    if (value === undefined || !Number.isFinite(value)) return [];
    return [{ label, value, color: name === "noisy" ? "--ink" : "--ink-soft" }];
  });
}

/** A margin around the curve and the levels, and room where there are none. */
function scoreRange(min: number | null, max: number | null): [number, number] {
  const values = levelLines().map(({ value }) => value);
  for (const end of [min, max]) if (end !== null && Number.isFinite(end)) values.push(end);
  if (values.length === 0) return store.results.score.peek() === "psnr" ? [5, 20] : [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.06 * (high - low || 1);
  return [low - margin, high + margin];
}
