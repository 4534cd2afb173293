import { nextPlace } from "../runs/continuable.ts";
import { store } from "../store.ts";
import type { Rescue } from "./rescue.ts";
import { goOn } from "./rescue-control.ts";

/** What went wrong, and what to do about it. */
export function FailureNotice() {
  const { value: failure } = store.failure;
  const { value: rescue } = store.rescue;
  if (store.phase.value !== "failed" || failure === undefined) return null;
  return (
    <div class="notice notice-failure" role="alert">
      <p>
        <strong>The run has stopped.</strong> {failure}
      </p>
      {rescue && (
        <p>
          What it has learned is not lost.{" "}
          <button type="button" class="button button-small" onClick={() => void goOn()}>
            {rescueWords(rescue)}
          </button>
        </p>
      )}
      <p>
        {rescue ? "Or press" : "Press"} Reset to start afresh with the settings as they are. If that does not
        help, reload the page.
      </p>
    </div>
  );
}

/** "Continue on the CPU from epoch 7" */
function rescueWords({ backend, spec, place }: Rescue): string {
  const { optimizer } = store.runSpec.value ?? {};
  const from = `from ${nextPlace(place)}`;
  if (backend !== store.laboratory.value?.backend) return `Continue on the CPU ${from}`;
  return optimizer?.lr === spec.optimizer.lr
    ? `Continue ${from}`
    : `Continue ${from} with the learning rate ${spec.optimizer.lr}`;
}
