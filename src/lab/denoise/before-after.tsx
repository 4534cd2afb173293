import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pixels } from "../shared/picture-files.ts";
import { chooseZoom, moveSplit } from "./actions.ts";
import {
  denoiseState,
  type PicturePixels,
  shownPicture,
  shownPixels,
  shownWidth,
  showsPixels,
  zooms,
} from "./state.ts";

/** The shown picture before and after the network, with a slider between, at any of the zooms. */
export function Comparison() {
  const { value: pixels } = shownPixels;
  const { value: zoom } = denoiseState.zoom;
  if (!pixels) return <p class="comparison comparison-empty">{placeholder()}</p>;
  const { columns, rows } = pixels.before;
  const style = {
    "--shown": shownWidth(zoom, pixels.before),
    "--aspect": columns / rows,
    "--split": denoiseState.split.value,
    "--sampling": showsPixels(zoom, pixels.before) ? "pixelated" : "auto",
    "--blend": shownPicture.value?.choices.blend ?? 1,
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an element that scrolls must be reachable by keyboard.
    <section class="comparison" aria-label="Before and after" tabIndex={0} style={style} onScroll={follow}>
      <div class="comparison-picture" key={pixels.id}>
        <Halves pixels={pixels} />
      </div>
      <SplitSlider />
    </section>
  );
}

function placeholder(): string {
  const { value: picture } = shownPicture;
  if (!picture) return "";
  return picture.work.kind === "failed"
    ? `${picture.file.name} cannot be shown.`
    : `Reading ${picture.file.name}…`;
}

function Halves({ pixels: { id, before, after } }: { readonly pixels: PicturePixels }) {
  const { value: picture } = shownPicture;
  // Mixed with the network's result, the picture itself is seen through it.
  const mixes = (picture?.choices.blend ?? 1) < 1;
  return (
    <>
      <div class={`comparison-half ${mixes ? "" : "comparison-left"}`}>
        <PixelCanvas title="before" id={undefined} pixels={before} />
      </div>
      <div class="comparison-half comparison-right">
        <PixelCanvas title="after" id={id} pixels={after} />
      </div>
      <div class="comparison-line" />
    </>
  );
}

/** Covers only the lower edge of the visible part, so that the picture itself can be scrolled by touch. */
function SplitSlider() {
  const { value: split } = denoiseState.split;
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

export function ZoomChoice() {
  return (
    <fieldset class="zoom">
      <legend class="visually-hidden">Zoom</legend>
      <div class="choice">
        {zooms.map(({ value, title }) => (
          <label key={value} class="choice-option">
            <input
              type="radio"
              name="zoom"
              checked={denoiseState.zoom.value === value}
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
  readonly title: "before" | "after";
  /** The picture whose parts are drawn when they change; undefined if none do. */
  readonly id: number | undefined;
  readonly pixels: Pixels;
}

/** A decoded picture, one pixel of the canvas for each. */
function PixelCanvas({ title, id, pixels: { rows, columns, rgba } }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useRef<ImageData | undefined>(undefined);
  useLayoutEffect(() => {
    image.current = new ImageData(rgba, columns, rows);
    canvas.current?.getContext("2d")?.putImageData(image.current, 0, 0);
  }, [rgba, rows, columns]);
  useSignalEffect(() => {
    const { value: drawn } = denoiseState.drawn;
    if (!drawn || drawn.id !== id || !image.current) return;
    const { top, bottom, left, right } = drawn.region;
    const context = canvas.current?.getContext("2d");
    context?.putImageData(image.current, 0, 0, left, top, right - left, bottom - top);
  });
  return (
    <canvas
      ref={canvas}
      class={`comparison-${title}`}
      width={columns}
      height={rows}
      role="img"
      aria-label={title}
    />
  );
}
