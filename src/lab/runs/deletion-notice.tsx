import { useLayoutEffect, useRef } from "preact/hooks";
import { store } from "../store.ts";
import { undoDeletion } from "./actions.ts";

/** Says which run was deleted, and brings it back; it stays until the next deletion. */
export function DeletionNotice() {
  const { value: deleted } = store.runs.deleted;
  const undo = useRef<HTMLButtonElement>(null);
  // The button that had the focus went with the run.
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
