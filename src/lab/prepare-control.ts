import { effect } from "@preact/signals";
import { shownPictures, store } from "./store.ts";
import { ask } from "./worker-link.ts";

/** Milliseconds from a new run until its first step is prepared, however long the images take. */
const patience = 1000;

/** The run whose first step was prepared. */
let prepared: string | undefined;

/**
 * From now on has the first step of every run prepared. A software GPU computes nothing while it compiles, so the images that are
 * to be seen come first.
 */
export function prepareRuns(): void {
  effect(() => {
    const { value: run } = store.runs.next;
    if (run === undefined || run === prepared) return undefined;
    const shown = shownPictures.value?.by ?? "waiting";
    const timer = setTimeout(() => prepare(run), shown === "waiting" ? patience : 0);
    return () => clearTimeout(timer);
  });
}

function prepare(run: string): void {
  prepared = run;
  // What goes wrong is told when the run trains.
  void ask(
    (connected) => connected.prepare(),
    () => {},
  );
}
