import { viewState } from "./state.ts";

/** The hint, while files are dragged over the page, that they can be dropped. */
export function DropHint() {
  const training = viewState.view.value === "train";
  return (
    <div class="drop-hint" role="status">
      {viewState.dragging.value && (
        <p>
          {training
            ? "Drop IDX files here to see what they hold, pictures to train on, or one to denoise."
            : "Drop pictures here to denoise them, or a model file to denoise with."}
        </p>
      )}
    </div>
  );
}
