import { formatDuration, formatSize } from "../shared/format.ts";
import { store } from "../store.ts";
import { NetworkWords } from "./network-words.tsx";
import { download } from "./trial.ts";
import { whereRunStood } from "./where-run-stood.ts";

/** What was done in what time, and the way to take it along. */
export function TrialResult() {
  const { value: result } = store.trial.result;
  if (!result) return null;
  const { after, seconds, modelName, network, progress } = result;
  return (
    <div class="trial-result">
      <p id="trial-result">
        {formatSize(after)} in {formatDuration(seconds)}, by {modelName ?? whereRunStood(progress)}:{" "}
        <NetworkWords network={network} />.
      </p>
      <button type="button" class="button button-small" onClick={() => void download()}>
        Download PNG
      </button>
    </div>
  );
}
