import { batch } from "@preact/signals";
import type { EpochRecord } from "../training/history.ts";
import { takeRun } from "./build-run.ts";
import type { Rescue } from "./rescue.ts";
import { command, train } from "./run-control.ts";
import { nextPlace } from "./runs/continuable.ts";
import { tidyName, uniqueName } from "./runs/run-name.ts";
import { newRunId } from "./runs/run-record.ts";
import { changeRun } from "./runs/shelf.ts";
import { draftOf } from "./settings/draft.ts";
import { store } from "./store.ts";
import type { TrainingLink } from "./worker-link.ts";

const { runs } = store;

/** Goes on with the run that has stopped, from its last good state. */
export async function goOn(): Promise<void> {
  const { value: rescue } = store.rescue;
  if (!rescue || store.phase.value !== "failed") return;
  const calmer = rescue.spec !== store.runSpec.value;
  const run = calmer ? newRunId() : (runs.next.value ?? newRunId());
  const reason = store.failure.value;
  await command("starting", async (connected) => {
    const { engine, epochs } = await connected.goOn({ backend: rescue.backend, spec: rescue.spec, run });
    const { value: laboratory } = store.laboratory;
    if (laboratory) {
      const other = engine.backend !== laboratory.backend;
      const fallbackReason = other ? reason : laboratory.fallbackReason;
      store.laboratory.value = { ...laboratory, ...engine, fallbackReason };
    }
    store.rescue.value = undefined;
    if (calmer) await branchOff(connected, rescue, run, epochs);
    else store.epochs.value = epochs;
  });
  if (isIdle()) await train();
}

/** What is kept from now on is another run, since the first epochs had other settings. */
async function branchOff(
  connected: TrainingLink,
  { spec, place }: Rescue,
  id: string,
  epochs: readonly EpochRecord[],
): Promise<void> {
  const { value: images } = store.images;
  if (!images) return;
  await takeRun(connected, { id, spec, images, files: store.files.value });
  batch(() => {
    store.epochs.value = epochs;
    store.draft.value = draftOf(spec);
  });
  const taken = runs.kept.value.filter((run) => run.id !== id).map(({ name }) => name);
  void changeRun(id, (run) => ({
    ...run,
    name: uniqueName(tidyName(`${run.name}, from ${nextPlace(place)}`), taken),
  }));
}

function isIdle(): boolean {
  return store.phase.value === "idle";
}
