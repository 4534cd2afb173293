import { batch } from "@preact/signals";
import type { EpochRecord } from "../../training/history.ts";
import { imagesState } from "../images/state.ts";
import type { GoneOn, SampleScores } from "../protocol.ts";
import { replaceScores, resultsState } from "../results/state.ts";
import { newRunId, tidyName, uniqueName } from "../runs/run-record.ts";
import { shelf } from "../runs/shelf.ts";
import { nextPlace, runsState } from "../runs/state.ts";
import { fillForm } from "../settings/state.ts";
import { command, train } from "./actions.ts";
import { scoresOnward, takeRun } from "./build-run.ts";
import { type Rescue, runId, runImages, runSpec, runState } from "./state.ts";
import type { TrainingLink } from "./worker-link.ts";

/** Continues the run that was stopped by an error, from its last good state. */
export async function goOn(): Promise<void> {
  const { value: rescue } = runState.rescue;
  if (!rescue || runState.phase.value !== "failed") return;
  const calmer = rescue.spec !== runSpec.value;
  const run = calmer ? newRunId() : (runId.value ?? newRunId());
  const reason = runState.failure.value;
  await command("starting", async (connected) => {
    const goneOn = await connected.goOn({ backend: rescue.backend, spec: rescue.spec, run });
    const { engine, epochs } = goneOn;
    const { value: laboratory } = runState.laboratory;
    if (laboratory) {
      const other = engine.backend !== laboratory.backend;
      const fallbackReason = other ? reason : laboratory.fallbackReason;
      runState.laboratory.value = { ...laboratory, ...engine, fallbackReason };
    }
    runState.rescue.value = undefined;
    const scores = scoresFrom(goneOn);
    if (calmer) await branchOff(connected, rescue, run, { epochs, scores });
    else {
      batch(() => {
        runState.epochs.value = epochs;
        replaceScores(scores);
      });
    }
  });
  if (isIdle()) await train();
}

/** The page's scores up to the state from which the run continues. */
function scoresFrom({ scores: now }: GoneOn): readonly SampleScores[] {
  const { value: before } = resultsState.scores;
  return now ? scoresOnward(before, now) : before.slice(0, 1);
}

/** Makes the training from now on a separate run, because the first epochs had other settings. */
async function branchOff(
  connected: TrainingLink,
  { spec, place }: Rescue,
  id: string,
  { epochs, scores }: { readonly epochs: readonly EpochRecord[]; readonly scores: readonly SampleScores[] },
): Promise<void> {
  const { value: images } = runImages;
  if (!images) return;
  await takeRun(connected, { id, spec, images, files: imagesState.files.value });
  batch(() => {
    runState.epochs.value = epochs;
    replaceScores(scores);
    fillForm(spec, images);
  });
  const others = runsState.kept.value.filter((run) => run.id !== id).map(({ name }) => name);
  const branch = runsState.kept.value.find((run) => run.id === id);
  if (!branch) return;
  const name = uniqueName(tidyName(`${branch.name}, from ${nextPlace(place)}`), others);
  void shelf.change(id, (run) => ({ ...run, name }));
}

function isIdle(): boolean {
  return runState.phase.value === "idle";
}
