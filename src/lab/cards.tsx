import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { TryIt } from "./draw/try-it.tsx";
import { Inside } from "./inside/inside.tsx";
import { Loss } from "./results/loss.tsx";
import { Quality } from "./results/quality.tsx";
import { KernelTimes, Readouts } from "./results/readouts.tsx";
import { isProfiling } from "./run/options.ts";
import { Runs } from "./runs/runs.tsx";

/** The cards of the results, from top to bottom. */
export const results: readonly ComponentType[] = [
  Readouts,
  Loss,
  Quality,
  Runs,
  Inside,
  TryIt,
  Prior,
  ...(isProfiling() ? [KernelTimes] : []),
];

/** What the last card shows when it is open: nothing yet, the view, or that it could not be loaded. */
type Content = { readonly View: ComponentType } | "failed" | undefined;

/** Deep Image Prior, as a demonstration. Its view is loaded when the card is opened, and stops the painting when it is closed. */
function Prior() {
  const open = useSignal(false);
  const content = useSignal<Content>(undefined);
  const toggle = async (wanted: boolean) => {
    open.value = wanted;
    if (!wanted || typeof content.value === "object") return;
    try {
      content.value = { View: (await import("./prior/prior-view.tsx")).PriorView };
    } catch {
      content.value = "failed";
    }
  };
  const { value: shown } = content;
  return (
    <section class="card inside" aria-labelledby="prior-title">
      <details open={open.value} onToggle={({ currentTarget }) => void toggle(currentTarget.open)}>
        <summary class="inside-summary">
          <h2 id="prior-title">Deep Image Prior</h2>
          <span class="inside-brief">a network that has seen no other picture</span>
        </summary>
        {open.value && typeof shown === "object" && <shown.View />}
        {open.value && shown === "failed" && (
          <p class="notice notice-failure">
            This part of the page could not be loaded: close this card and open it again, or reload the page.
          </p>
        )}
      </details>
    </section>
  );
}
