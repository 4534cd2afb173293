import { store } from "../store.ts";
import { showView } from "./actions.ts";
import { type InsideView, insideViews } from "./state.ts";

export const panelId = "inside-panel";

const titles: { readonly [V in InsideView]: string } = {
  weights: "Weights",
  latent: "Latent space",
  decoder: "Decoder",
  codes: "Codes",
};

/** Places of the tabs that the keys go to from the one at `place` (w3.org/WAI/ARIA/apg/patterns/tabs). */
const keys: { readonly [key: string]: (place: number) => number } = {
  ArrowRight: (place) => place + 1,
  ArrowLeft: (place) => place - 1,
  Home: () => 0,
  End: () => insideViews.length - 1,
};

export function tabId(view: InsideView): string {
  return `inside-tab-${view}`;
}

/** The views as tabs: one of them is in the order of the Tab key, the arrow keys go to the others. */
export function InsideTabs() {
  const { value: shown } = store.inside.view;
  return (
    <div role="tablist" aria-label="Inside the network" class="tabs" onKeyDown={followKey}>
      {insideViews.map((view) => (
        <button
          key={view}
          type="button"
          role="tab"
          id={tabId(view)}
          class="tab"
          aria-selected={view === shown}
          aria-controls={panelId}
          tabIndex={view === shown ? 0 : -1}
          onClick={() => showView(view)}
        >
          {titles[view]}
        </button>
      ))}
    </div>
  );
}

function followKey(event: KeyboardEvent): void {
  const place = keys[event.key]?.(insideViews.indexOf(store.inside.view.value));
  const view = place === undefined ? undefined : insideViews.at(place % insideViews.length);
  if (!view) return;
  event.preventDefault();
  showView(view);
  document.getElementById(tabId(view))?.focus();
}
