import { type Signal, useComputed } from "@preact/signals";
import type UPlot from "uplot";
import { formatScore } from "../format.ts";
import type { ScoreName } from "../results/levels.ts";
import { levels, scoredEpochs, store } from "../store.ts";
import { EpochChart } from "./epoch-chart.tsx";
import type { Curve } from "./epoch-chart-options.ts";
import { drawLevels, type LevelLine, labelRoom } from "./level-lines.ts";

interface QualityChartProps {
  /** Which of the scored epochs is pointed at; the chart sets it. */
  readonly pointed: Signal<number | undefined>;
}

const curves: readonly Curve[] = [{ color: "--validation", kind: "line" }];

const axisTitles: { readonly [S in ScoreName]: string } = { psnr: "PSNR (dB)", ssim: "SSIM" };

/** The network's score over the epochs, and the levels that it is held against. */
export function QualityChart({ pointed }: QualityChartProps) {
  const data = useComputed((): UPlot.AlignedData => {
    const { value: score } = store.results.score;
    const { value: epochs } = scoredEpochs;
    return [epochs.map(({ epoch }) => epoch), epochs.map(({ denoised }) => denoised[score] ?? null)];
  });
  return (
    <EpochChart
      label="Quality over the epochs"
      data={data}
      pointed={pointed}
      curves={curves}
      axisTitle={() => axisTitles[store.results.score.peek()]}
      range={scoreRange}
      gutter={labelRoom}
      onDraw={(chart) => drawLevels(chart, levelLines())}
      drawn={levels}
      textAt={textAt}
    />
  );
}

function textAt(place: number): string | undefined {
  const { value: score } = store.results.score;
  const record = scoredEpochs.value[place];
  return (
    record && `epoch ${record.epoch}: ${axisTitles[score]} ${formatScore(score, record.denoised[score])}`
  );
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
