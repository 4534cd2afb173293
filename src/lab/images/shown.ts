import { batch, effect } from "@preact/signals";
import type { Pictures } from "../protocol.ts";
import { ask } from "../run/worker-link.ts";
import { NewestOnly } from "../shared/scheduling.ts";
import { rowsBy, store } from "../store.ts";
import { isOf } from "./rows.ts";

const work = new NewestOnly();

/** From now on has the network for digits denoise the images that are shown, where they are to be shown by it. */
export function followPretrained(): void {
  effect(() => {
    const { value: phase } = store.phase;
    // Whoever lets the run learn wants to see it learn.
    if (phase === "training" || phase === "stepping") store.pretrained.chosen.value = undefined;
  });
  effect(() => {
    void store.phase.value;
    const { value: pictures } = store.pictures;
    if (!pictures || rowsBy.value === "run") return;
    const { value: rows } = store.pretrained.rows;
    if (!rows || !isOf(rows, pictures)) void work.do(() => denoise(pictures));
  });
}

/** A page that cannot have the network shows the run's images, as if there were no such network. */
async function denoise({ rows, columns, noisy }: Pictures): Promise<void> {
  // The run comes first: only when it can be looked at the network is fetched.
  if (store.phase.value === "opening") return;
  const request = { rows, columns, images: noisy, model: { kind: "shipped", name: "digits" } } as const;
  const denoised = await ask(
    (connected) => connected.denoiseImages(request),
    () => {
      store.pretrained.missing.value = true;
    },
  );
  if (!denoised) return;
  batch(() => {
    store.pretrained.rows.value = { noisy, denoised: denoised.images };
    store.trial.shipped.value = new Map(store.trial.shipped.value).set("digits", denoised.network);
  });
}
