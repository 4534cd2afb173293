import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { LossName } from "../../spec/training.ts";
import type { EpochRecord } from "../../training/history.ts";
import { store } from "../store.ts";

interface LossChartProps {
  /** Told which epoch, counted from 0, is pointed at. */
  readonly onPoint: (index: number | undefined) => void;
}

const height = 300;

/** Epochs that the axis has room for from the start. */
const fewestEpochs = 10;

const lossTitles: { readonly [L in LossName]: string } = {
  bce: "loss (binary cross-entropy)",
  mse: "loss (mean squared error)",
};

/** Training points and a validation line over the epochs; follows the page's width and colours. */
export function LossChart({ onPoint }: LossChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const made = new UPlot(optionsFor(element, onPoint), dataOf(store.epochs.peek()), element);
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const recolor = () => made.redraw();
    dark.addEventListener("change", recolor);
    return () => {
      dark.removeEventListener("change", recolor);
      resized.disconnect();
      made.destroy();
    };
  }, []);

  useSignalEffect(() => {
    chart.current?.setData(dataOf(store.epochs.value));
  });

  return <div ref={place} role="img" aria-label="Chart of the loss over the epochs" />;
}

function dataOf(epochs: readonly EpochRecord[]): UPlot.AlignedData {
  return [
    epochs.map(({ epoch }) => epoch),
    epochs.map(({ loss }) => loss),
    epochs.map(({ valLoss }) => valLoss),
  ];
}

function optionsFor(element: HTMLElement, onPoint: LossChartProps["onPoint"]): UPlot.Options {
  // Asked anew at every draw, so that the chart follows the page from light to dark.
  const color = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const axis = (label: () => string): UPlot.Axis => ({
    label,
    labelSize: 20,
    labelGap: 0,
    gap: 6,
    labelFont: "13px system-ui, sans-serif",
    font: "12px system-ui, sans-serif",
    stroke: color("--ink-soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  });
  return {
    width: element.clientWidth,
    height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: false, range: (_chart, _min, max) => [0.5, Math.max(max, mostEpochs()) + 0.5] },
      y: { range: (_chart, min, max) => lossRange(min, max) },
    },
    axes: [
      {
        ...axis(() => "epoch"),
        size: 26,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 1e5, 1e6],
      },
      { ...axis(() => lossTitles[(store.runSpec.peek() ?? store.draft.peek()).loss]), size: 52 },
    ],
    series: [
      {},
      {
        stroke: color("--training"),
        fill: color("--training"),
        paths: () => null,
        points: { show: true, size: 6, width: 0, fill: color("--training") },
      },
      {
        stroke: color("--validation"),
        width: 2,
        points: { show: (chart) => chart.data[0].length < 2, size: 4 },
      },
    ],
    hooks: {
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
    },
  };
}

function mostEpochs(): number {
  return Math.min(fewestEpochs, store.runSpec.peek()?.epochs ?? fewestEpochs);
}

/** A margin around the values, and room where there are none. */
function lossRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 0.7];
  const margin = 0.08 * (max - min || max || 1);
  return [Math.max(0, min - margin), max + margin];
}
