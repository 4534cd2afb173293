import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pixels } from "../shared/pixels.ts";
import { type TrialPicture, type TrialResult, trialState } from "./state.ts";
import { chooseZoom, moveSplit } from "./trial.ts";
import { shownWidth, showsPixels, zooms } from "./words.ts";

/** The original picture or, once it is denoised, before and after with a slider between them, at any of the zooms. */
export function Comparison({ picture }: { readonly picture: TrialPicture }) {
  const { value: zoom } = trialState.zoom;
  const { value: result } = trialState.result;
  const style = {
    "--shown": shownWidth(zoom, picture.pixels),
    "--aspect": picture.pixels.columns / picture.pixels.rows,
    "--split": trialState.split.value,
    "--sampling": showsPixels(zoom, picture.pixels) ? "pixelated" : "auto",
  };
  return (
    <div>
      <ZoomChoice />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an element that scrolls must be reachable by keyboard. */}
      <section class="comparison" aria-label="Before and after" tabIndex={0} style={style} onScroll={follow}>
        <div class="comparison-picture">
          {result ? (
            <Halves result={result} />
          ) : (
            <PixelCanvas title="before" kind="before" pixels={picture.pixels} />
          )}
        </div>
        {result && <SplitSlider />}
      </section>
    </div>
  );
}

function Halves({ result }: { readonly result: TrialResult }) {
  return (
    <>
      <div class="comparison-half comparison-left">
        <PixelCanvas title="before" kind="before" pixels={result.before} />
      </div>
      <div class="comparison-half comparison-right">
        <PixelCanvas title="after" kind="after" pixels={result.after} />
      </div>
      <div class="comparison-line" />
    </>
  );
}

/** Covers only the lower edge of the visible part, so that the picture itself can be scrolled by touch. */
function SplitSlider() {
  const { value: split } = trialState.split;
  return (
    <div class="comparison-strip">
      <input
        class="comparison-slider"
        type="range"
        min={0}
        max={100}
        value={split}
        aria-label="Where after begins, in percent from the left"
        aria-valuetext={`${split} % before, ${100 - split} % after`}
        onInput={(event) => moveSplit(event.currentTarget.valueAsNumber)}
      />
      <span class="comparison-tag" aria-hidden="true">
        before
      </span>
      <span class="comparison-grip" aria-hidden="true">
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M6 3.5v9L1.5 8zM10 3.5v9L14.5 8z" />
        </svg>
      </span>
      <span class="comparison-tag" aria-hidden="true">
        after
      </span>
    </div>
  );
}

function ZoomChoice() {
  return (
    <fieldset class="zoom">
      <legend class="visually-hidden">Zoom</legend>
      <div class="choice">
        {zooms.map(({ value, title }) => (
          <label key={value} class="choice-option">
            <input
              type="radio"
              name="zoom"
              checked={trialState.zoom.value === value}
              onChange={() => chooseZoom(value)}
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The slider's position is relative to the visible part, so the two halves need the scroll offset. */
function follow({ currentTarget }: { readonly currentTarget: HTMLElement }): void {
  currentTarget.style.setProperty("--scrolled", `${currentTarget.scrollLeft}px`);
}

interface PixelCanvasProps {
  readonly title: string;
  readonly kind: "before" | "after";
  readonly pixels: Pixels;
}

/** A decoded picture, one pixel of the canvas for each. */
function PixelCanvas({ title, kind, pixels }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns, rgba } = pixels;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  }, [rgba, rows, columns]);
  return (
    <canvas
      ref={canvas}
      class={`comparison-${kind}`}
      width={columns}
      height={rows}
      role="img"
      aria-label={title}
    />
  );
}
