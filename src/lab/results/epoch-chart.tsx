import { type ReadonlySignal, type Signal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import { shownEpochs } from "../store.ts";
import { type ChartLooks, chartHeight, chartOptions } from "./chart-options.ts";
import { keyHandler } from "./epoch-chart-keys.ts";
import { followTouch } from "./follow-touch.ts";

interface EpochChartProps extends ChartLooks {
  /** "Loss over the epochs" */
  readonly label: string;
  /** [epochs, a curve's values, another's, …] */
  readonly data: ReadonlySignal<UPlot.AlignedData>;
  /** The epoch that is pointed at; the chart sets it. */
  readonly pointed: Signal<number | undefined>;
  /** The epoch that is told of where none is pointed at; the last one if left out. */
  readonly resting?: number | undefined;
  /** The figures of an epoch in words. */
  readonly textAt: (epoch: number) => string | undefined;
  /** Read so that what `onDraw` draws is drawn anew when it changes. */
  readonly drawn?: ReadonlySignal<unknown>;
}

/**
 * Curves over the epochs that the store says are shown. Hovering or, with the focus on it, the arrow keys point at an epoch; a
 * drag, plus and minus zoom; a double click and Escape show all epochs again. It follows the page's width and colours.
 */
export function EpochChart({ label, data, pointed, resting, textAt, drawn, ...looks }: EpochChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const point = (index: number | undefined) => {
      pointed.value = index === undefined ? undefined : data.peek()[0][index];
    };
    const made = new UPlot(chartOptions(element, looks, point), data.peek(), element);
    chart.current = made;
    const touch = followTouch(made.over);
    const resized = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: chartHeight }),
    );
    resized.observe(element);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const recolor = () => made.redraw();
    dark.addEventListener("change", recolor);
    return () => {
      dark.removeEventListener("change", recolor);
      resized.disconnect();
      touch.abort();
      made.destroy();
      chart.current = undefined;
      pointed.value = undefined;
    };
  }, []);

  useSignalEffect(() => {
    // Both axes follow what is shown of the data.
    void [shownEpochs.value, drawn?.value];
    chart.current?.setData(data.value);
  });

  const epochs = Array.from(data.value[0]);
  const here = pointed.value ?? resting ?? epochs.at(-1);
  return (
    <div
      ref={place}
      class="epoch-chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={epochs[0] ?? 0}
      aria-valuemax={epochs.at(-1) ?? 0}
      aria-valuenow={here ?? 0}
      aria-valuetext={(here !== undefined && textAt(here)) || "no epoch yet"}
      onKeyDown={(event) => chart.current && keyHandler(chart.current, pointed.peek())(event)}
      onBlur={() => chart.current?.setCursor({ left: -10, top: -10 })}
    />
  );
}
