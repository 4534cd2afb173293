import { store } from "../store.ts";

/** Says that files dragged over the page may be dropped. */
export function DropHint() {
  return (
    <div class="drop-hint" role="status">
      {store.dragging.value && (
        <p>Drop IDX files here to see what they hold, pictures to train on, or one to denoise.</p>
      )}
    </div>
  );
}
