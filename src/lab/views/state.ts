import { effect, signal } from "@preact/signals";

/** The page's views: training a network, and denoising pictures. */
export type View = "train" | "denoise";

const views: readonly View[] = ["train", "denoise"];

/** Which view is shown. Switching does not touch the run, which the Worker trains. */
export const viewState = {
  view: signal<View>("train"),

  /** The views that were shown: they stay in the page, hidden, with all that was entered. */
  visited: signal<ReadonlySet<View>>(new Set()),

  /** Whether files are being dragged over the page. */
  dragging: signal(false),
};

/** The part of the address after "#": the view's name, if there is one, and the settings. */
export interface Fragment {
  /** Undefined if the address names none: the training view, or the current one. */
  readonly view: View | undefined;
  /** "hidden=512&seed=7" */
  readonly settings: string;
}

/** Splits the part of the address after "#", which may be any text: "denoise&hidden=512" */
export function readFragment(hash: string): Fragment {
  const text = hash.replace(/^#/, "");
  const [first = "", ...others] = text.split("&");
  const view = views.find((name) => name === first);
  return view ? { view, settings: others.join("&") } : { view, settings: text };
}

/** The part of the address after "#". The training view's name is left out if there are settings. */
export function formatFragment({ view, settings }: Fragment): string {
  if (view === "denoise") return settings === "" ? view : `${view}&${settings}`;
  return settings === "" && view !== undefined ? view : settings;
}

/** The address of a view; the settings stay as they are. */
export function addressOf(view: View): string {
  return `#${view}`;
}

/** Shows a view, without a change to the address. */
export function takeView(view: View): void {
  viewState.view.value = view;
  const { value: visited } = viewState.visited;
  if (!visited.has(view)) viewState.visited.value = new Set([...visited, view]);
}

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
