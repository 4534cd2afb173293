import { useSignalEffect } from "@preact/signals";
import { followPath, followRun, followSliders, followSpot, openInside, showView } from "./actions.ts";
import { CodesView } from "./codes-view.tsx";
import { DecoderView } from "./decoder-view.tsx";
import { LatentView } from "./latent-view.tsx";
import { type InsideView, insideState, insideViews } from "./state.ts";
import { WeightsView } from "./weights-view.tsx";

const views = { weights: WeightsView, latent: LatentView, decoder: DecoderView, codes: CodesView };

/** What the network has learned: its weights, its codes, and the images that it decodes from codes. */
export function Inside() {
  useSignalEffect(followRun);
  useSignalEffect(followSpot);
  useSignalEffect(followPath);
  useSignalEffect(followSliders);
  const { value: open } = insideState.open;
  return (
    <section class="card inside" aria-labelledby="inside-title">
      <details open={open} onToggle={({ currentTarget }) => openInside(currentTarget.open)}>
        <summary class="inside-summary">
          <h2 id="inside-title">Inside the network</h2>
          <span class="inside-brief">its weights, its latent space, its decoder, its codes</span>
        </summary>
        {open && <OpenView />}
      </details>
    </section>
  );
}

function OpenView() {
  const { value: view } = insideState.view;
  const { value: fault } = insideState.fault;
  const View = views[view];
  return (
    <div class="inside-body">
      <InsideTabs />
      <div class="notices" role="status">
        {fault !== undefined && <p class="notice notice-failure">{fault}</p>}
      </div>
      <div role="tabpanel" id={panelId} aria-labelledby={tabId(view)} class="inside-panel">
        <View />
      </div>
    </div>
  );
}

const panelId = "inside-panel";

const titles: { readonly [V in InsideView]: string } = {
  weights: "Weights",
  latent: "Latent space",
  decoder: "Decoder",
  codes: "Codes",
};

/** The index of the tab to which each key moves from the one at `place` (w3.org/WAI/ARIA/apg/patterns/tabs). */
const keys: { readonly [key: string]: (place: number) => number } = {
  ArrowRight: (place) => place + 1,
  ArrowLeft: (place) => place - 1,
  Home: () => 0,
  End: () => insideViews.length - 1,
};

function tabId(view: InsideView): string {
  return `inside-tab-${view}`;
}

/** The views as tabs: the Tab key reaches one of them, the arrow keys move between them. */
function InsideTabs() {
  const { value: shown } = insideState.view;
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
  const place = keys[event.key]?.(insideViews.indexOf(insideState.view.value));
  const view = place === undefined ? undefined : insideViews.at(place % insideViews.length);
  if (!view) return;
  event.preventDefault();
  showView(view);
  document.getElementById(tabId(view))?.focus();
}
