import { batch } from "@preact/signals";
import type { EpochRecord } from "../../training/history.ts";
import type { GoneOn, SampleScores } from "../protocol.ts";
import { nextPlace } from "../runs/continuable.ts";
import { tidyName, uniqueName } from "../runs/run-name.ts";
import { newRunId } from "../runs/run-record.ts";
import { changeRun } from "../runs/shelf.ts";
import { draftOf } from "../settings/draft.ts";
import { store } from "../store.ts";
import { command, train } from "./actions.ts";
import { scoresOnward, takeRun } from "./build-run.ts";
import type { Rescue } from "./rescue.ts";
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
    const goneOn = await connected.goOn({ backend: rescue.backend, spec: rescue.spec, run });
    const { engine, epochs } = goneOn;
    const { value: laboratory } = store.laboratory;
    if (laboratory) {
      const other = engine.backend !== laboratory.backend;
      const fallbackReason = other ? reason : laboratory.fallbackReason;
      store.laboratory.value = { ...laboratory, ...engine, fallbackReason };
    }
    store.rescue.value = undefined;
    const scores = scoresFrom(goneOn);
    if (calmer) await branchOff(connected, rescue, run, { epochs, scores });
    else {
      batch(() => {
        store.epochs.value = epochs;
        store.results.scores.value = scores;
      });
    }
  });
  if (isIdle()) await train();
}

/** The page's scores up to where the run goes on. */
function scoresFrom({ scores: now }: GoneOn): readonly SampleScores[] {
  const { value: before } = store.results.scores;
  return now ? scoresOnward(before, now) : before.slice(0, 1);
}

/** What is kept from now on is another run, since the first epochs had other settings. */
async function branchOff(
  connected: TrainingLink,
  { spec, place }: Rescue,
  id: string,
  { epochs, scores }: { readonly epochs: readonly EpochRecord[]; readonly scores: readonly SampleScores[] },
): Promise<void> {
  const { value: images } = store.images;
  if (!images) return;
  await takeRun(connected, { id, spec, images, files: store.files.value });
  batch(() => {
    store.epochs.value = epochs;
    store.results.scores.value = scores;
    store.draft.value = draftOf(spec);
  });
  const others = runs.kept.value.filter((run) => run.id !== id).map(({ name }) => name);
  const branch = runs.kept.value.find((run) => run.id === id);
  if (!branch) return;
  const name = uniqueName(tidyName(`${branch.name}, from ${nextPlace(place)}`), others);
  void changeRun(id, (run) => ({ ...run, name }));
}

function isIdle(): boolean {
  return store.phase.value === "idle";
}
