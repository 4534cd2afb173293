import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { formatCount } from "../shared/format.ts";
import { unitsPerPage } from "./actions.ts";
import { type WeightColors, weightPixels } from "./weights.ts";

interface UnitPagerProps {
  readonly first: number;
  readonly units: number;
  /** Units of a page. */
  readonly page?: number;
  /** What they are called. */
  readonly what?: "unit" | "channel";
  /** Called with the first unit of the page to show. */
  readonly onTurn: (first: number) => void;
}

/** "Units 1 to 64 of 1,024", and buttons for other pages if there is more than one. */
export function UnitPager({ first, units, page = unitsPerPage, what = "unit", onTurn }: UnitPagerProps) {
  const end = Math.min(first + page, units);
  if (units <= page) return <p class="unit-pager">{units === 1 ? `1 ${what}` : `${units} ${what}s`}</p>;
  const title = what === "unit" ? "Units" : "Channels";
  return (
    <div class="unit-pager">
      <Turn title={`${title} before these`} sign="‹" to={first - page} off={first === 0} onTurn={onTurn} />
      <span>
        {what}s {formatCount(first + 1)} to {formatCount(end)} of {formatCount(units)}
      </span>
      <Turn title={`${title} after these`} sign="›" to={end} off={end >= units} onTurn={onTurn} />
    </div>
  );
}

interface TurnProps {
  readonly title: string;
  readonly sign: string;
  readonly to: number;
  readonly off: boolean;
  readonly onTurn: (first: number) => void;
}

/** A button that turns the page. If there is no further page it stays visible and keeps the focus. */
function Turn({ title, sign, to, off, onTurn }: TurnProps) {
  return (
    <button
      type="button"
      class="button button-small"
      aria-label={title}
      aria-disabled={off}
      onClick={() => !off && onTurn(to)}
    >
      {sign}
    </button>
  );
}

/** Whether the page is dark; the component is rendered again when that changes. */
export function useDark(): boolean {
  const query = "(prefers-color-scheme: dark)";
  const dark = useSignal(window.matchMedia(query).matches);
  useLayoutEffect(() => {
    const list = window.matchMedia(query);
    const follow = () => {
      dark.value = list.matches;
    };
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, []);
  return dark.value;
}

/** Moves between the buttons of a grid with the arrow keys; `point` gets the index of the next one. */
export function followGridKey(event: KeyboardEvent, pointed: number, point: (place: number) => void): void {
  const grid = event.currentTarget;
  if (!(grid instanceof HTMLElement)) return;
  const across = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const steps = new Map([
    ["ArrowRight", 1],
    ["ArrowLeft", -1],
    ["ArrowDown", across],
    ["ArrowUp", -across],
  ]);
  const step = steps.get(event.key);
  if (step === undefined) return;
  event.preventDefault();
  const buttons = grid.querySelectorAll("button");
  const next = pointed + step;
  if (next < 0 || next >= buttons.length) return;
  point(next);
  buttons[next]?.focus();
}

interface WeightImageProps {
  readonly title: string;
  /** [rows, columns] */
  readonly weights: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** The magnitude at the ends of the colour scale. */
  readonly greatest: number;
  readonly colors: WeightColors;
}

/** Weights, or other values below and above 0, as a picture, one pixel of the canvas for each. */
export function WeightImage({ title, weights, rows, columns, greatest, colors }: WeightImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const pixels = weightPixels(weights, greatest, colors);
    canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }, [weights, rows, columns, greatest, colors]);
  return (
    <canvas ref={canvas} class="filter-image" width={columns} height={rows} role="img" aria-label={title} />
  );
}
