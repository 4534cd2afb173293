import { store } from "../store.ts";
import { ask } from "./worker-link.ts";

/** Has the run saved as soon as the page is hidden, since a browser may end hidden pages without a word. */
export function saveWhenHidden(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || store.runs.current.value === undefined) return;
    void ask((connected) => connected.save());
  });
}
