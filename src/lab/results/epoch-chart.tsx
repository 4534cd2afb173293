import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import { RunSwatch } from "../runs/run-item.tsx";
import type { KeptRun } from "../runs/run-record.ts";
import type { Overlay } from "../runs/state.ts";
import { nothing } from "../shared/format.ts";
import { zoomBy } from "./actions.ts";
import { type ChartLooks, chartHeight, chartOptions } from "./chart-options.ts";
import { resultsState, showAllEpochs, shownEpochs } from "./state.ts";

interface EpochChartProps extends ChartLooks {
  /** "Loss over the epochs" */
  readonly label: string;
  /** [epochs, a curve's values, another's, …] */
  readonly data: ReadonlySignal<UPlot.AlignedData>;
  /** The epoch that is pointed at. */
  readonly pointed: ReadonlySignal<number | undefined>;
  /** Called with the newly pointed epoch, or undefined. */
  readonly onPoint: (epoch: number | undefined) => void;
  /** The epoch that is described while none is pointed at. Default: the last one. */
  readonly resting?: number | undefined;
  /** The figures of an epoch in words. */
  readonly textAt: (epoch: number) => string | undefined;
  /** Read so that `onDraw` is called again when it changes. */
  readonly drawn?: ReadonlySignal<unknown>;
}

/**
 * Curves over the epochs that the charts show. Hovering or, with the focus, the arrow keys point at an epoch; dragging
 * and the plus and minus keys zoom; a double click and Escape show all epochs again. The chart follows the page's width and colours.
 */
export function EpochChart({
  label,
  data,
  pointed,
  onPoint,
  resting,
  textAt,
  drawn,
  ...looks
}: EpochChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const point = (index: number | undefined) =>
      onPoint(index === undefined ? undefined : data.peek()[0][index]);
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
      onPoint(undefined);
    };
  }, []);

  useSignalEffect(() => {
    // Both axes follow the range of the data that is shown.
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

/** Handles the keys of a chart that has the focus; `pointed` is the epoch that is pointed at. */
function keyHandler(chart: UPlot, pointed: number | undefined): (event: KeyboardEvent) => void {
  const epochs = Array.from(chart.data[0]);
  const { from, to } = shownEpochs.value;
  const first = epochs.findIndex((epoch) => epoch >= from);
  const last = epochs.findLastIndex((epoch) => epoch <= to);
  const here = pointed === undefined ? last : epochs.indexOf(pointed);
  const pointAt = (wanted: number) => {
    const epoch = epochs[Math.min(Math.max(wanted, first), last)];
    if (epoch !== undefined) chart.setCursor({ left: chart.valToPos(epoch, "x"), top: 0 });
  };
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pointAt(here - 1),
    ArrowDown: () => pointAt(here - 1),
    ArrowRight: () => pointAt(here + 1),
    ArrowUp: () => pointAt(here + 1),
    PageUp: () => pointAt(here + 10),
    PageDown: () => pointAt(here - 10),
    Home: () => pointAt(first),
    End: () => pointAt(last),
    "+": () => zoomBy(0.5, epochs[here]),
    "=": () => zoomBy(0.5, epochs[here]),
    "-": () => zoomBy(2, epochs[here]),
    Escape: showAllEpochs,
  };
  return (event) => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
}

/** Milliseconds after a tap during which a mouse leaving the chart is ignored. */
const afterTap = 500;

/**
 * Converts touch events on a chart to mouse events, because uPlot handles only mice: a horizontal drag
 * draws a selection, a vertical one scrolls the page (`touch-action: pan-y`). The browser itself sends taps as clicks.
 * Ends when the returned controller is aborted.
 */
function followTouch(over: HTMLElement): AbortController {
  const end = new AbortController();
  const names = { pointerdown: "mousedown", pointermove: "mousemove", pointerup: "mouseup" } as const;
  for (const [pointer, mouse] of Object.entries(names)) {
    over.addEventListener(
      pointer,
      (event) => {
        if (!(event instanceof PointerEvent) || event.pointerType !== "touch" || !event.isPrimary) return;
        const { clientX, clientY } = event;
        // uPlot ignores a move by zero pixels.
        over.dispatchEvent(new MouseEvent(mouse, { bubbles: true, clientX, clientY, movementX: 1 }));
      },
      { signal: end.signal },
    );
  }
  over.addEventListener(
    "pointercancel",
    () => over.dispatchEvent(new MouseEvent("mouseup", { bubbles: true })),
    {
      signal: end.signal,
    },
  );
  keepTapped(over, end.signal);
  return end;
}

/**
 * After a tap a browser may move its mouse back to its earlier position outside the chart: the tapped epoch stays pointed at.
 */
function keepTapped(over: HTMLElement, signal: AbortSignal): void {
  let tapped = Number.NEGATIVE_INFINITY;
  over.addEventListener(
    "pointerup",
    ({ pointerType, timeStamp }) => {
      if (pointerType === "touch") tapped = timeStamp;
    },
    { signal },
  );
  over.addEventListener(
    "mouseleave",
    (event) => {
      if (event.timeStamp - tapped < afterTap) event.stopImmediatePropagation();
    },
    { signal, capture: true },
  );
}

/** Buttons that zoom, as dragging and double-clicking on a chart do. */
export function EpochZoom() {
  const { from, to } = shownEpochs.value;
  const all = resultsState.zoom.value === undefined;
  return (
    <div class="epoch-zoom">
      <ZoomButton title="Zoom in" path="M7 2h2v5h5v2h-5v5h-2v-5h-5v-2h5z" off={to - from < 2} factor={0.5} />
      <ZoomButton title="Zoom out" path="M2 7h12v2h-12z" off={all} factor={2} />
      <button type="button" class="button button-small" aria-disabled={all} onClick={showAllEpochs}>
        All epochs
      </button>
    </div>
  );
}

interface ZoomButtonProps {
  readonly title: string;
  readonly path: string;
  readonly off: boolean;
  readonly factor: number;
}

function ZoomButton({ title, path, off, factor }: ZoomButtonProps) {
  return (
    <button
      type="button"
      class="button button-small"
      aria-label={title}
      title={title}
      aria-disabled={off}
      onClick={() => !off && zoomBy(factor)}
    >
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" fill="currentColor">
        <path d={path} />
      </svg>
    </button>
  );
}

interface OverlayLegendProps {
  readonly overlays: readonly Overlay[];
  /** A run's figure; undefined if it has none. */
  readonly textOf: (run: KeptRun) => string | undefined;
}

/** The kept runs in a chart, each with its line, its name and a figure. */
export function OverlayLegend({ overlays, textOf }: OverlayLegendProps) {
  return (
    <>
      {overlays.map(({ run, color, dash }) => (
        <span key={run.id} class="legend-item legend-run">
          <RunSwatch color={color} dash={dash} />
          <i>{run.name}</i> <span>{textOf(run) ?? nothing}</span>
        </span>
      ))}
    </>
  );
}
