import { useSignal } from "@preact/signals";
import { formatCount } from "../shared/format.ts";
import { TableScroll } from "../shared/table-scroll.tsx";
import { shownEpochs } from "../store.ts";
import { thinned } from "./curves.ts";

/** Rows at most; a longer run's are thinned out, so that the page stays quick. */
const mostRows = 200;

interface EpochTableProps<T> {
  /** "Loss, as a table" */
  readonly label: string;
  readonly records: readonly T[];
  readonly columns: readonly { readonly title: string; readonly of: (record: T) => string }[];
}

/** A chart's figures as a table, for the epochs that it shows; made only while it is open. */
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
