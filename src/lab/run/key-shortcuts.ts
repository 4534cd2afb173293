import { reset, step, toggleTraining } from "./actions.ts";
import { rememberKeysOn } from "./options.ts";
import { keysState, runState } from "./state.ts";

const typingPlaces = "input, select, textarea, dialog[open], [contenteditable]";

/** What the Space bar presses or opens when it has the focus. */
const spacePlaces = "button, summary, a";

/** Space trains and pauses, S does a step, R resets, ? lists the keys, where no control uses the key. */
export function listenForKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (!keysState.on.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
      return;
    const place = event.target instanceof Element ? event.target : document.body;
    if (place.closest(typingPlaces)) return;
    if (event.key === " ") {
      if (place.closest(spacePlaces)) return;
      event.preventDefault();
      if (!event.repeat) void toggleTraining();
    } else if (event.key.toLowerCase() === "s") {
      // A key that is held presses again and again: it does not make steps wait for each other.
      if (!event.repeat || runState.phase.value === "idle") void step();
    } else if (event.key.toLowerCase() === "r" && !event.repeat) {
      void reset();
    } else if (event.key === "?") {
      showKeys(true);
    }
  });
}

/** Opens the list of the keys, or closes it. */
export function showKeys(shown: boolean): void {
  keysState.shown.value = shown;
}

/** Switches the keys on or off, for this visit and those to come (w3.org/TR/WCAG22/#character-key-shortcuts). */
export function switchKeys(on: boolean): void {
  keysState.on.value = on;
  rememberKeysOn(on);
}
