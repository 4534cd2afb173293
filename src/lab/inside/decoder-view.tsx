import type { Codes } from "../inside-service.ts";
import { Picture } from "../shared/picture.tsx";
import { store } from "../store.ts";
import { goAlong } from "./actions.ts";
import { CodeSliders } from "./code-sliders.tsx";
import { PathEnd } from "./path-end.tsx";
import { PathStrip } from "./path-strip.tsx";
import { pathCode, pathEnds } from "./state.ts";

/** The decoder alone: the way from one code to another, and a code changed by hand. */
export function DecoderView() {
  const { value: codes } = store.inside.codes;
  if (!codes) return <p class="inside-empty">The images are being encoded.</p>;
  if (!codes.decodes)
    return (
      <p class="inside-empty">
        A residual network has no decoder by itself: its output is the noisy image less the noise that it
        predicts.
      </p>
    );
  return (
    <>
      <p class="card-note">
        The decoder draws every code on the straight way between those of two images; it sees no image, only
        the code.
      </p>
      <Path codes={codes} />
    </>
  );
}

function Path({ codes }: { readonly codes: Codes }) {
  const { value: ends } = pathEnds;
  const { value: code } = pathCode;
  const { share, decoded } = store.inside.path;
  const percent = Math.round(100 * share.value);
  return (
    <div class="path">
      <PathEnd codes={codes} end="from" name="A" />
      <div class="path-way">
        <PathStrip />
        <input
          type="range"
          class="slider"
          min={0}
          max={100}
          value={percent}
          aria-label="Along the way from A to B"
          aria-valuetext={`${percent} % of the way`}
          onInput={({ currentTarget }) => goAlong(currentTarget.valueAsNumber / 100)}
        />
      </div>
      <PathEnd codes={codes} end="to" name="B" />
      <figure class="path-picture" aria-label="The code decoded">
        {decoded.value && <Picture title="decoded" {...decoded.value} />}
        <figcaption>{caption(percent)}</figcaption>
      </figure>
      {ends && code && <CodeSliders ends={ends} code={code} most={codes.units.most} />}
    </div>
  );
}

function caption(percent: number): string {
  const { size } = store.inside.path.byHand.value;
  if (size > 0) return size === 1 ? "1 value changed by hand" : `${size} values changed by hand`;
  return percent === 0 ? "A's code" : percent === 100 ? "B's code" : `${percent} % of the way`;
}
