import { shownEpochs, store } from "../store.ts";
import { showAllEpochs, zoomBy } from "./zoom.ts";

/** Buttons for what a drag and a double click on a chart do. */
export function EpochZoom() {
  const { from, to } = shownEpochs.value;
  const all = store.results.zoom.value === undefined;
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
