import { useLayoutEffect, useRef } from "preact/hooks";
import { keptRunId } from "../run/state.ts";
import { TableScroll } from "../shared/controls.tsx";
import { nothing } from "../shared/format.ts";
import { filesOf } from "../shared/picture-files.ts";
import { importRuns, undoDeletion } from "./actions.ts";
import { runFileEnding } from "./run-file.ts";
import { RunItem, RunSwatch } from "./run-item.tsx";
import { differingSettings } from "./run-settings.ts";
import { overlays, runsState } from "./state.ts";

/** The card of the kept runs: to compare with the page's own, rename, export and import. */
export function Runs() {
  const { kept, status, fault, storageFault } = runsState;
  return (
    <section class="card runs" aria-labelledby="runs-title">
      <div class="card-head">
        <h2 id="runs-title">Runs</h2>
        <p class="runs-note">kept in this browser, each from its first epoch on</p>
      </div>
      <div class="notices" role="status">
        {storageFault.value !== undefined && <p class="notice notice-failure">{storageFault.value}</p>}
        {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
        {status.value !== undefined && <p class="notice">{status.value}</p>}
      </div>
      <DeletionNotice />
      {kept.value.length > 0 ? (
        <ol class="run-list" aria-label="Kept runs">
          {kept.value.map((run) => (
            <RunItem key={run.id} run={run} />
          ))}
        </ol>
      ) : (
        <p class="card-note">None yet.</p>
      )}
      <DifferingSettings />
      <ImportRuns />
    </section>
  );
}

/** The note on the run that was deleted last, with a button that restores it; it stays until the next deletion. */
function DeletionNotice() {
  const { value: deleted } = runsState.deleted;
  const undo = useRef<HTMLButtonElement>(null);
  // The button that had the focus was removed with the run.
  useLayoutEffect(() => undo.current?.focus({ preventScroll: true }), [deleted]);
  return (
    <div class="notices" role="status">
      {deleted && (
        <p class="notice run-deleted">
          {deleted.run.name} was deleted.{" "}
          <button ref={undo} type="button" class="button button-small" onClick={() => void undoDeletion()}>
            Undo
          </button>
        </p>
      )}
    </div>
  );
}

/** The settings that differ among the runs in the charts; values different from the first run's are marked. */
function DifferingSettings() {
  const { kept } = runsState;
  const own = kept.value.find(({ id }) => id === keptRunId.value);
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

/** The button that imports exported runs. */
function ImportRuns() {
  return (
    <div class="setting run-import">
      <label for="import-runs">Import runs</label>
      <input
        id="import-runs"
        class="file-input"
        type="file"
        multiple
        accept={runFileEnding}
        aria-describedby="import-runs-help"
        onChange={({ currentTarget }) => void importRuns(filesOf(currentTarget))}
      />
      <p class="setting-help" id="import-runs-help">
        Files that end in {runFileEnding}, as Export makes them; or drop them anywhere on the page.
      </p>
    </div>
  );
}
