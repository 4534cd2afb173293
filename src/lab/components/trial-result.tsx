import { formatCount, formatDuration, formatSize } from "../format.ts";
import { store } from "../store.ts";
import { download } from "../trial-control.ts";
import type { DenoisedPicture } from "../worker/picture-service.ts";
import { NetworkWords } from "./network-words.tsx";

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

/** "the run after 3 epochs and 12 steps" */
function whereRunStood(progress: DenoisedPicture["progress"]): string {
  const { epoch = 0, step = 0 } = progress ?? {};
  const parts = [
    ...(epoch > 0 ? [counted(epoch, "epoch")] : []),
    ...(step > 0 ? [counted(step, "step")] : []),
  ];
  return parts.length === 0 ? "the untrained run" : `the run after ${parts.join(" and ")}`;
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}
