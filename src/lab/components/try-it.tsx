import { store } from "../store.ts";
import { Comparison } from "./comparison.tsx";
import { TrialActions } from "./trial-actions.tsx";
import { TrialModel } from "./trial-model.tsx";
import { TrialPicture } from "./trial-picture.tsx";
import { TrialResult } from "./trial-result.tsx";

/** A picture of the person's own, through the network as it is now. */
export function TryIt() {
  const { picture, fault } = store.trial;
  return (
    <section class="card try-it" id="try-it" aria-labelledby="try-it-title">
      <div class="card-head">
        <h2 id="try-it-title">Try it</h2>
        <p class="try-it-note">on a picture of your own, while the run trains or stands still</p>
      </div>
      <div class="try-it-settings">
        <TrialPicture />
        <TrialModel />
      </div>
      <div class="notices" role="status">
        {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
      </div>
      <TrialActions />
      {picture.value && <Comparison picture={picture.value} />}
      <TrialResult />
    </section>
  );
}
