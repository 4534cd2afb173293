import { useEffect } from "preact/hooks";
import { reset } from "../run/actions.ts";
import { runState } from "../run/state.ts";
import { formatShare, formatSize, layersOf } from "../shared/format.ts";
import { cancel, prepare, retry } from "./actions.ts";
import { Comparison, ZoomChoice } from "./before-after.tsx";
import { stopLearning } from "./queue.ts";
import { Beginning, Queue } from "./queue-view.tsx";
import { saveShown } from "./saving.ts";
import { PictureSettings } from "./settings-view.tsx";
import {
  choices,
  denoiseState,
  doneWords,
  modelWords,
  type QueuedPicture,
  shownPicture,
  strengthWords,
} from "./state.ts";

// The other parts of the page load this file when it is first needed, and call its actions.
export { pressKey, takeFiles } from "./actions.ts";

/** The view that denoises the user's pictures. */
export function DenoiseView() {
  useEffect(() => {
    void prepare();
  }, []);
  const empty = denoiseState.pictures.value.length === 0;
  return (
    <>
      <Notices />
      {empty ? (
        <Beginning />
      ) : (
        <div class="denoise-bench">
          <ShownPicture />
          <PictureSettings />
          <Queue />
        </div>
      )}
    </>
  );
}

/** Why something could not be done, and what was done. */
function Notices() {
  const { fault, status } = denoiseState;
  const failed = runState.phase.value === "failed";
  return (
    <div class="notices" role="status">
      {failed && (
        <p class="notice notice-failure continue-offer">
          {runState.failure.value}
          <button type="button" class="button button-small" onClick={() => void reset()}>
            Start again
          </button>
        </p>
      )}
      {status.value !== undefined && <p class="notice">{status.value}</p>}
      {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
    </div>
  );
}

/** The picture that is shown, what is known of it, and its result. */
function ShownPicture() {
  const { value: picture } = shownPicture;
  if (!picture) return null;
  const { file, result } = picture;
  return (
    <section class="card shown-picture" aria-labelledby="shown-title">
      <div class="card-head">
        <h2 id="shown-title" class="shown-title">
          {file.name}
        </h2>
        <ZoomChoice />
      </div>
      <Comparison />
      <div class="shown-foot">
        <div class="shown-words">
          <Progress picture={picture} />
          <Facts picture={picture} />
        </div>
        <div class="shown-buttons">
          <StopButton picture={picture} />
          <WorkButton picture={picture} />
          <button
            type="button"
            class="button button-main"
            aria-disabled={!result}
            onClick={() => void saveShown()}
          >
            Download PNG
          </button>
        </div>
      </div>
    </section>
  );
}

function WorkButton({ picture: { id, work } }: { readonly picture: QueuedPicture }) {
  const ends = work.kind === "waiting" || work.kind === "working";
  // It keeps its place, so that the other button does not move.
  const idle = work.kind === "done";
  return (
    <button
      type="button"
      class={`button ${idle ? "button-idle" : ""}`}
      onClick={() => (ends ? cancel(id) : retry(id))}
    >
      {ends ? "Cancel" : "Retry"}
    </button>
  );
}

/** Ends the learning early. It is shown while a network learns from the picture. */
function StopButton({ picture: { id, work } }: { readonly picture: QueuedPicture }) {
  const { value: working } = denoiseState.working;
  if (work.kind !== "working" || working?.id !== id || working.stage !== "learning") return null;
  // Before the first step there is nothing to use.
  const early = working.share === 0;
  return (
    <button
      type="button"
      class="button"
      aria-disabled={early}
      onClick={() => {
        if (!early) stopLearning();
      }}
    >
      Stop and use it as it is
    </button>
  );
}

/** What happens to the picture; as high as the result's first line, so that nothing moves when it is done. */
function Progress({ picture: { id, work, result } }: { readonly picture: QueuedPicture }) {
  const { value: working } = denoiseState.working;
  const { stage, share } = working?.id === id ? working : { stage: "denoising", share: 0 };
  const learns = stage === "learning";
  return (
    <>
      <p id="picture-status" role="status">
        {work.kind === "waiting" && "Waiting for the picture before it."}
        {work.kind === "working" &&
          (learns ? "Learning from this picture." : "Denoising, from the middle outwards.")}
        {work.kind === "cancelled" && "Cancelled."}
        {work.kind === "failed" && <span class="setting-fault">{work.fault}</span>}
        {work.kind === "done" && result && doneWords(result)}
      </p>
      <div
        class={`bar ${work.kind === "working" ? "" : "bar-idle"}`}
        role="progressbar"
        aria-label={learns ? "Learned" : "Pixels denoised"}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={work.kind === "done" ? 100 : Math.round(100 * share)}
        aria-valuetext={formatShare(work.kind === "done" ? 1 : share)}
      >
        <div class="bar-done" style={{ transform: `scaleX(${work.kind === "done" ? 1 : share})` }} />
      </div>
    </>
  );
}

/** The size, the noise and the network of the latest result. */
function Facts({ picture: { result } }: { readonly picture: QueuedPicture }) {
  if (!result) return <p class="shown-facts"> </p>;
  const { estimate, network } = result;
  const added = choices.value.noise > 0 ? " with what was added" : "";
  return (
    <p class="shown-facts">
      {formatSize(result)}
      {estimate !== undefined &&
        `, noise: ${estimate === 0 ? "none found" : strengthWords(estimate)}${added}`}
      , by {modelWords(result)} ({layersOf(network)}).
    </p>
  );
}
