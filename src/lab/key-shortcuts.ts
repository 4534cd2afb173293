import { reset, step, toggleTraining } from "./run-control.ts";

const typingPlaces = "input, select, textarea, [contenteditable]";

/** What the Space bar presses or opens when it has the focus. */
const spacePlaces = "button, summary, a";

/** Space trains and pauses, S does a step, R resets, wherever nothing else wants the key. */
export function listenForKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const place = event.target instanceof Element ? event.target : document.body;
    if (place.closest(typingPlaces)) return;
    if (event.key === " ") {
      if (place.closest(spacePlaces)) return;
      event.preventDefault();
      if (!event.repeat) void toggleTraining();
    } else if (event.key.toLowerCase() === "s") {
      void step();
    } else if (event.key.toLowerCase() === "r" && !event.repeat) {
      void reset();
    }
  });
}
