import { useSignalEffect } from "@preact/signals";
import { store } from "../store.ts";
import { followPath, followRun, followSliders, followSpot, openInside } from "./actions.ts";
import { CodesView } from "./codes-view.tsx";
import { DecoderView } from "./decoder-view.tsx";
import { InsideTabs, panelId, tabId } from "./inside-tabs.tsx";
import { LatentView } from "./latent-view.tsx";
import { WeightsView } from "./weights-view.tsx";

const views = { weights: WeightsView, latent: LatentView, decoder: DecoderView, codes: CodesView };

/** What the network has learned: its weights, the codes that it makes, and what it makes of codes. */
export function Inside() {
  useSignalEffect(followRun);
  useSignalEffect(followSpot);
  useSignalEffect(followPath);
  useSignalEffect(followSliders);
  const { value: open } = store.inside.open;
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
  const { value: view } = store.inside.view;
  const { value: fault } = store.inside.fault;
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
