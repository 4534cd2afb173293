import { store } from "../store.ts";

/** Up to where the run is on the disk: from there it can go on, whatever befalls the page. */
export function SavedNote() {
  const { saved, kept, current } = store.runs;
  const { place } = saved.value ?? {};
  const isKept = kept.value.some(({ id }) => id === current.value);
  if (!place || !isKept) return null;
  return (
    <p class="run-saved" title="From there the run can go on after a reload, a crash or a power cut">
      Saved: epoch {place.step > 0 ? `${place.epoch + 1}, step ${place.step}` : place.epoch}
    </p>
  );
}
