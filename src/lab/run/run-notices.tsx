import { store } from "../store.ts";

/** What befell the run without stopping it; read out as it appears. */
export function RunNotices() {
  const { unsaved, storageFault } = store.runs;
  return (
    <div class="notices" role="status">
      {store.recovery.value !== undefined && <p class="notice">{store.recovery.value}</p>}
      {unsaved.value !== undefined && storageFault.value === undefined && (
        <p class="notice">{unsaved.value}</p>
      )}
    </div>
  );
}
