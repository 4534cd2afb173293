import { viewState } from "../views/state.ts";
import { reset, step, toggleTraining } from "./actions.ts";
import { rememberKeysOn } from "./options.ts";
import { keysState, runState } from "./state.ts";

const typingPlaces = "input, select, textarea, dialog[open], [contenteditable]";

/** The elements that the Space bar presses or opens when they have the focus. */
const spacePlaces = "button, summary, a";

/** Whether a pressed key is a shortcut: they are on, and no control uses the key. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (!keysState.on.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
    return false;
  return !placeOf(event).closest(typingPlaces);
}

function placeOf({ target }: Event): Element {
  return target instanceof Element ? target : document.body;
}

/** Handles the shortcuts: ? lists the keys; in the training view Space trains and pauses, S does a step, R resets. */
export function listenForKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (!isShortcut(event)) return;
    if (event.key === "?") return showKeys(true);
    if (viewState.view.value !== "train") return;
    if (event.key === " ") {
      if (placeOf(event).closest(spacePlaces)) return;
      event.preventDefault();
      if (!event.repeat) void toggleTraining();
    } else if (event.key.toLowerCase() === "s") {
      // A held key repeats; its repetitions must not queue steps.
      if (!event.repeat || runState.phase.value === "idle") void step();
    } else if (event.key.toLowerCase() === "r" && !event.repeat) {
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
