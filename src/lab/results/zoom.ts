import { everyEpoch, shownEpochs, store } from "../store.ts";
import { epochsBetween, zoomed } from "./curves.ts";

/** Shows `factor` times as many epochs, around one of them, or else the middle. */
export function zoomBy(factor: number, around?: number): void {
  const { value: range } = shownEpochs;
  const middle = (range.from + range.to) / 2;
  store.results.zoom.value = zoomed(range, factor, around ?? middle, everyEpoch.value);
}

/** Shows the epochs between two places of the axis; nothing changes where they are too close. */
export function zoomTo(a: number, b: number): void {
  store.results.zoom.value = epochsBetween(a, b, everyEpoch.value) ?? store.results.zoom.value;
}

export function showAllEpochs(): void {
  store.results.zoom.value = undefined;
}
