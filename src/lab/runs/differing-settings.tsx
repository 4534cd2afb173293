import { nothing } from "../shared/format.ts";
import { TableScroll } from "../shared/table-scroll.tsx";
import { overlays, store } from "../store.ts";
import { differingSettings } from "./run-settings.ts";
import { RunSwatch } from "./run-swatch.tsx";

/** The settings that differ among the runs in the charts; marked where they are not those of the first. */
export function DifferingSettings() {
  const { kept, current } = store.runs;
  const own = kept.value.find(({ id }) => id === current.value);
  const { value: shown } = overlays;
  const runs = [...(own ? [own] : []), ...shown.map(({ run }) => run)];
  if (runs.length < 2) return null;
  const rows = differingSettings(runs);
  if (rows.length === 0) return <p class="card-note">The runs in the charts have the same settings.</p>;
  return (
    <TableScroll label="Settings of the runs, as a table">
      <table class="table run-settings" aria-label="Settings that differ">
        <thead>
          <tr>
            <th scope="col">Settings that differ</th>
            {own && <th scope="col">{own.name}</th>}
            {shown.map(({ run, color, dash }) => (
              <th key={run.id} scope="col">
                <RunSwatch color={color} dash={dash} /> {run.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, values }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {values.map((value, index) => (
                <td key={runs[index]?.id}>
                  {value === values[0] ? (value ?? nothing) : <mark>{value ?? nothing}</mark>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
