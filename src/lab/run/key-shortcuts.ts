import { viewState } from "../views/state.ts";
import { reset, step, toggleTraining } from "./actions.ts";
import { rememberKeysOn } from "./options.ts";
import { keysState, runState } from "./state.ts";

const typingPlaces = "input, select, textarea, dialog[open], [contenteditable]";

/** The elements that the Space bar presses or opens when they have the focus. */
const spacePlaces = "button, summary, a";

/**
 * Handles the keyboard shortcuts, if no control uses the key: ? lists the keys; while training is shown, Space trains and pauses, S does a
 * step, R resets. The other view handles its own.
 */
export function listenForKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (!keysState.on.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
      return;
    const place = event.target instanceof Element ? event.target : document.body;
    if (place.closest(typingPlaces)) return;
    const key = event.key.toLowerCase();
    if (key === "?") {
      showKeys(true);
    } else if (viewState.view.value === "denoise") {
      if (!event.repeat) void import("../denoise/denoise-view.tsx").then(({ pressKey }) => pressKey(key));
    } else if (key === " ") {
      if (place.closest(spacePlaces)) return;
      event.preventDefault();
      if (!event.repeat) void toggleTraining();
    } else if (key === "s") {
      // A held key repeats; its repetitions must not queue steps.
      if (!event.repeat || runState.phase.value === "idle") void step();
    } else if (key === "r" && !event.repeat) {
      void reset();
    }
  });
}

/** Opens or closes the list of the keys. */
export function showKeys(shown: boolean): void {
  keysState.shown.value = shown;
}

/** Switches the keys on or off, for this visit and later ones (w3.org/TR/WCAG22/#character-key-shortcuts). */
export function switchKeys(on: boolean): void {
  keysState.on.value = on;
  rememberKeysOn(on);
}
