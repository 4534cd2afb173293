import { effect } from "@preact/signals";
import { addressOf, type View, viewState } from "./state.ts";

/** Shows a view and adds it to the browser's history, as its link does. */
export function showView(view: View): void {
  if (viewState.view.value !== view) window.location.hash = addressOf(view);
}

/** From now on keeps the document's title that of the view; training has the page's own. */
export function followViews(): void {
  const { title } = document;
  effect(() => {
    document.title = viewState.view.value === "train" ? title : `Denoise pictures – ${title}`;
  });
}

/** Resolves when a view is shown, or was. */
export function whenVisited(view: View): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!viewState.visited.value.has(view)) return;
      // The effect's own disposer is not available in its first call.
      queueMicrotask(() => stop());
      resolve();
    });
  });
}
