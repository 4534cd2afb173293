import { useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { followPath, followRun, followSliders, followSpot, openInside, showView } from "./actions.ts";
import { ChannelsView } from "./channels-view.tsx";
import { CodesView } from "./codes-view.tsx";
import { DecoderView } from "./decoder-view.tsx";
import { LatentView } from "./latent-view.tsx";
import { type InsideView, insideState, nothingToShow, shownView, shownViews } from "./state.ts";
import { WeightsView } from "./weights-view.tsx";

const views: { readonly [V in InsideView]: ComponentType } = {
  weights: WeightsView,
  channels: ChannelsView,
  latent: LatentView,
  decoder: DecoderView,
  codes: CodesView,
};

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
          <span class="inside-brief">{briefly()}</span>
        </summary>
        {open && <OpenView />}
      </details>
    </section>
  );
}

/** "its weights, its latent space, its decoder, its codes" */
function briefly(): string {
  return shownViews.value.map((view) => `its ${titles[view].toLowerCase()}`).join(", ");
}

function OpenView() {
  const { value: view } = shownView;
  const { value: nothing } = nothingToShow;
  const { value: fault } = insideState.fault;
  const View = views[view];
  return (
    <div class="inside-body">
      <InsideTabs />
      <div class="notices" role="status">
        {fault !== undefined && <p class="notice notice-failure">{fault}</p>}
      </div>
      <div role="tabpanel" id={panelId} aria-labelledby={tabId(view)} class="inside-panel">
        {nothing === undefined ? <View /> : <p class="inside-empty">{nothing}</p>}
      </div>
    </div>
  );
}

const panelId = "inside-panel";

const titles: { readonly [V in InsideView]: string } = {
  weights: "Weights",
  channels: "Channels",
  latent: "Latent space",
  decoder: "Decoder",
  codes: "Codes",
};

/** The index of the tab to which each key moves from the one at `place` (w3.org/WAI/ARIA/apg/patterns/tabs). */
const keys: { readonly [key: string]: (place: number) => number } = {
  ArrowRight: (place) => place + 1,
  ArrowLeft: (place) => place - 1,
  Home: () => 0,
  End: () => -1,
};

function tabId(view: InsideView): string {
  return `inside-tab-${view}`;
}

/** The views as tabs: the Tab key reaches one of them, the arrow keys move between them. */
function InsideTabs() {
  const { value: shown } = shownView;
  return (
    <div role="tablist" aria-label="Inside the network" class="tabs" onKeyDown={followKey}>
      {shownViews.value.map((view) => (
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
  const { value: shown } = shownViews;
  const place = keys[event.key]?.(shown.indexOf(shownView.value));
  const view = place === undefined ? undefined : shown.at(place % shown.length);
  if (!view) return;
  event.preventDefault();
  showView(view);
  document.getElementById(tabId(view))?.focus();
}
