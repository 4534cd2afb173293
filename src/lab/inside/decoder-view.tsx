import { ownImages } from "../images/state.ts";
import { comparison } from "../run/state.ts";
import { Picture } from "../shared/controls.tsx";
import { formatValue } from "../shared/format.ts";
import { chooseEnd, goAlong, setValue } from "./actions.ts";
import { busiestUnits, nextLike } from "./codes.ts";
import type { Codes } from "./protocol.ts";
import { codeLabels, insideState, pathCode, pathEnds, shownLabels, titleOf } from "./state.ts";

/** The decoder by itself: the path from one code to another, and a code changed by hand. */
export function DecoderView() {
  const { value: codes } = insideState.codes;
  if (!codes) return <p class="inside-empty">The images are being encoded.</p>;
  if (!codes.decodes)
    return (
      <p class="inside-empty">
        A residual network has no separate decoder: its output is the noisy image minus the noise that it
        predicts.
      </p>
    );
  return (
    <>
      <p class="card-note">
        The decoder's output for each code on the straight line between those of two images; it gets only the
        code, no image.
      </p>
      <Path codes={codes} />
    </>
  );
}

function Path({ codes }: { readonly codes: Codes }) {
  const { value: ends } = pathEnds;
  const { value: code } = pathCode;
  const { share, decoded } = insideState.path;
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
  const { size } = insideState.path.byHand.value;
  if (size > 0) return size === 1 ? "1 value changed by hand" : `${size} values changed by hand`;
  return percent === 0 ? "A's code" : percent === 100 ? "B's code" : `${percent} % of the way`;
}

interface PathEndProps {
  readonly codes: Codes;
  readonly end: "from" | "to";
  readonly name: string;
}

/** An image at an end of the path: chosen by label, or as the next one with the same label. */
function PathEnd({ codes, end, name }: PathEndProps) {
  const place = insideState.path[end].value ?? 0;
  const { value: labels } = codeLabels;
  const { rows, columns, images, clean } = codes;
  const size = rows * columns;
  const what = ownImages.value ? "Label" : "Digit";
  return (
    <div class={`path-end path-${end}`}>
      <Picture
        title={`${name}: ${titleOf(place)}, ${comparison.value === "clean" ? "clean" : "noisy"}`}
        rows={rows}
        columns={columns}
        pixels={clean.subarray(place * size, (place + 1) * size)}
      />
      <strong class="path-name">{name}</strong>
      {labels ? (
        <select
          class="text-input"
          aria-label={`${what} of ${name}`}
          value={labels[place]}
          onChange={({ currentTarget }) => chooseEnd(end, labels.indexOf(Number(currentTarget.value)))}
        >
          {shownLabels.value.map((label) => (
            <option key={label} value={label}>
              {what} {label}
            </option>
          ))}
        </select>
      ) : (
        <span>Image {images[place]}</span>
      )}
      <button
        type="button"
        class="button button-small"
        aria-label={`Another image for ${name}`}
        onClick={() => chooseEnd(end, nextLike(labels, place, images.length))}
      >
        Another
      </button>
    </div>
  );
}

/** Pictures along the path; each is a button that moves to its position. */
function PathStrip() {
  const { strip, share } = insideState.path;
  const { value: pictures } = strip;
  return (
    <div class="path-strip">
      {pictures.map((picture, index) => {
        const at = index / (pictures.length - 1);
        return (
          <button
            key={at}
            type="button"
            class="path-step"
            aria-label={`${Math.round(100 * at)} % of the way`}
            aria-pressed={Math.abs(at - share.value) < 0.5 / (pictures.length - 1)}
            onClick={() => goAlong(at)}
          >
            <Picture title="decoded" {...picture} />
          </button>
        );
      })}
    </div>
  );
}

/** The number of values of a code that can be changed by hand. */
const sliderCount = 8;

interface CodeSlidersProps {
  readonly ends: { readonly from: Float32Array; readonly to: Float32Array };
  /** The code that the sliders set. */
  readonly code: Float32Array;
  /** The greatest value of each unit. */
  readonly most: Float32Array;
}

/** Sliders that change the code's most active values at the path's ends. */
function CodeSliders({ ends, code, most }: CodeSlidersProps) {
  const { share, byHand } = insideState.path;
  return (
    <fieldset class="code-sliders">
      <legend>The code's most active values</legend>
      {busiestUnits(ends.from, ends.to, sliderCount).map((unit) => (
        <CodeSlider key={unit} unit={unit} value={code[unit] ?? 0} most={most[unit] ?? 0} />
      ))}
      <button
        type="button"
        class="button button-small"
        aria-disabled={byHand.value.size === 0}
        onClick={() => goAlong(share.value)}
      >
        Back to the path
      </button>
    </fieldset>
  );
}

interface CodeSliderProps {
  readonly unit: number;
  readonly value: number;
  readonly most: number;
}

function CodeSlider({ unit, value, most }: CodeSliderProps) {
  return (
    <label class="code-slider">
      <span>Unit {unit + 1}</span>
      <input
        type="range"
        class="slider"
        min={0}
        max={most || 1}
        step={(most || 1) / 200}
        value={value}
        aria-valuetext={formatValue(value)}
        onInput={({ currentTarget }) => setValue(unit, currentTarget.valueAsNumber)}
      />
      <span class="code-value">{formatValue(value)}</span>
    </label>
  );
}
