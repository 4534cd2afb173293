import { effect } from "@preact/signals";
import { addressOf, type View, viewState } from "./state.ts";

const titles: Readonly<Record<View, string>> = {
  train: "unsnow: train a denoiser",
  denoise: "unsnow: denoise pictures",
};

/** Shows a view and adds it to the browser's history, as its link does. */
export function showView(view: View): void {
  if (viewState.view.value !== view) window.location.hash = addressOf(view);
}

/** From now on keeps the document's title that of the view. */
export function followViews(): void {
  effect(() => {
    document.title = titles[viewState.view.value];
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
