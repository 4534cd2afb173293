import { useSignal } from "@preact/signals";
import { TableScroll } from "../shared/controls.tsx";
import { formatCount } from "../shared/format.ts";
import { zoomBy } from "./actions.ts";
import { thinned } from "./curves.ts";
import { resultsState, showAllEpochs, shownEpochs } from "./state.ts";

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

/** The maximum number of rows; those of a longer run are thinned out, so that the page stays fast. */
const mostRows = 200;

interface EpochTableProps<T> {
  /** "Loss, as a table" */
  readonly label: string;
  readonly records: readonly T[];
  readonly columns: readonly { readonly title: string; readonly of: (record: T) => string }[];
}

/** A chart's figures as a table, for the epochs that it shows; rendered only while it is open. */
export function EpochTable<T extends { readonly epoch: number }>({
  label,
  records,
  columns,
}: EpochTableProps<T>) {
  const open = useSignal(false);
  return (
    <details
      class="epoch-table"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>As a table</summary>
      {open.value && <Rows label={label} records={records} columns={columns} />}
    </details>
  );
}

function Rows<T extends { readonly epoch: number }>({ label, records, columns }: EpochTableProps<T>) {
  const { from, to } = shownEpochs.value;
  const shown = records.filter(({ epoch }) => epoch >= from && epoch <= to);
  if (shown.length === 0) return <p class="card-note">No epoch yet.</p>;
  return (
    <TableScroll label={label}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {thinned(shown, mostRows).map((record) => (
            <tr key={record.epoch}>
              <th scope="row">{formatCount(record.epoch)}</th>
              {columns.map(({ title, of }) => (
                <td key={title}>{of(record)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
