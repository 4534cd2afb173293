import { store } from "../store.ts";

/** What went wrong, and what to do about it. */
export function FailureNotice() {
  const { value: failure } = store.failure;
  if (store.phase.value !== "failed" || failure === undefined) return null;
  return (
    <div class="notice notice-failure" role="alert">
      <p>
        <strong>The run has stopped.</strong> {failure}
      </p>
      <p>
        Press Reset to start afresh with the settings as they are. If that does not help, reload the page;
        your settings then go back to their defaults.
      </p>
    </div>
  );
}
