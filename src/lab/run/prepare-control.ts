import { computed, effect } from "@preact/signals";
import { shownPictures, store } from "../store.ts";
import { ask } from "./worker-link.ts";

/** Milliseconds from a new run until its first step is prepared, however long the images take. */
const patience = 1000;

const waits = computed(() => (shownPictures.value?.by ?? "waiting") === "waiting");

/**
 * From now on has the first step of every run prepared. A software GPU computes nothing while it compiles, so the images that
 * are to be seen come first. A run that is prepared already does nothing.
 */
export function prepareRuns(): void {
  effect(() => {
    if (store.runs.next.value === undefined) return undefined;
    const timer = setTimeout(prepare, waits.value ? patience : 0);
    return () => clearTimeout(timer);
  });
}

function prepare(): void {
  // What goes wrong is told when the run trains.
  void ask(
    (connected) => connected.prepare(),
    () => {},
  );
}
