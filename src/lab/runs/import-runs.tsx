import { importRuns } from "./actions.ts";
import { runFileEnding } from "./run-file.ts";

/** Brings runs back that were exported. */
export function ImportRuns() {
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
        onChange={({ currentTarget }) => {
          void importRuns([...(currentTarget.files ?? [])]);
          // The same file may be chosen once more after it was changed.
          currentTarget.value = "";
        }}
      />
      <p class="setting-help" id="import-runs-help">
        Files that end in {runFileEnding}, as Export makes them; or drop them anywhere on the page.
      </p>
    </div>
  );
}
