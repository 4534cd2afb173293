import type UPlot from "uplot";
import { shownEpochs } from "../store.ts";
import { showAllEpochs, zoomBy } from "./zoom.ts";

/** Handles the keys of a chart that has the focus; `pointed` is the epoch that is pointed at. */
export function keyHandler(chart: UPlot, pointed: number | undefined): (event: KeyboardEvent) => void {
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
