import { store } from "../store.ts";
import { DeletionNotice } from "./deletion-notice.tsx";
import { DifferingSettings } from "./differing-settings.tsx";
import { ImportRuns } from "./import-runs.tsx";
import { RunItem } from "./run-item.tsx";

/** The kept runs: to compare with the page's own, to name, to take away and to bring back. */
export function Runs() {
  const { kept, status, fault, storageFault } = store.runs;
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
