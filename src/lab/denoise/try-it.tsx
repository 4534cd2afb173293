import { Choice } from "../shared/choice.tsx";
import { store } from "../store.ts";
import { Draw } from "./draw.tsx";
import { TrialPicture } from "./picture-view.tsx";
import { TrialNetwork } from "./trial-network.tsx";

const subjects = [
  { value: "drawing", title: "Draw" },
  { value: "picture", title: "A picture" },
] as const;

/** A drawing or a picture of the person's own, through a network as it is now. */
export function TryIt() {
  const { what, fault, work } = store.trial;
  return (
    <section class="card try-it" id="try-it" aria-labelledby="try-it-title">
      <div class="card-head">
        <h2 id="try-it-title">Try it</h2>
        <p class="try-it-note">while the run trains or stands still</p>
      </div>
      <div class="try-it-settings">
        <Choice
          name="trial-what"
          legend="What to try it on"
          options={subjects}
          chosen={what.value}
          onChoose={(chosen) => {
            what.value = chosen;
          }}
        />
        <TrialNetwork />
      </div>
      <div class="notices" role="status">
        {work.value?.kind === "reading" && <p class="notice">Reading {work.value.name}…</p>}
        {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
      </div>
      {what.value === "drawing" ? <Draw /> : <TrialPicture />}
    </section>
  );
}
