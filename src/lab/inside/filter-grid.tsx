import { useMemo } from "preact/hooks";
import type { Filters } from "../inside-service.ts";
import { formatValue } from "../shared/format-value.ts";
import { store } from "../store.ts";
import { FilterImage } from "./filter-image.tsx";
import type { WeightColors } from "./weight-colors.ts";
import { greatestOf, rangeOf } from "./weights.ts";

/** Pictures of which large ones find room. */
const largeCount = 32;

interface FilterGridProps {
  readonly filters: Filters;
  readonly colors: WeightColors;
}

/** A page of units, each to be pointed at; one of them is in the order of the Tab key, the arrow keys go to the others. */
export function FilterGrid({ filters, colors }: FilterGridProps) {
  const { unit, scale } = store.inside.weights;
  const { rows, columns, first } = filters;
  // Kept, so that pointing at one draws none of them again.
  const pictures = useMemo(() => picturesOf(filters), [filters]);
  const pointed = Math.max(0, Math.min(unit.value - first, pictures.length - 1));
  const point = (place: number) => {
    unit.value = first + place;
  };
  return (
    <fieldset class={classOf(pictures.length)} onKeyDown={(event) => followKey(event, pointed, point)}>
      <legend class="visually-hidden">Units</legend>
      {pictures.map(({ weights, title, greatest }, place) => (
        <button
          key={first + place}
          type="button"
          class="filter"
          aria-label={`Unit ${first + place + 1}, ${title}`}
          aria-pressed={place === pointed}
          tabIndex={place === pointed ? 0 : -1}
          onFocus={() => point(place)}
          onClick={() => point(place)}
          onPointerEnter={() => point(place)}
        >
          <FilterImage
            title="weights"
            weights={weights}
            rows={rows}
            columns={columns}
            greatest={scale.value === "own" ? greatest : filters.greatest}
            colors={colors}
          />
        </button>
      ))}
    </fieldset>
  );
}

/** Few pictures are drawn larger. */
function classOf(count: number): string {
  return count > largeCount ? "filter-grid" : "filter-grid filter-grid-large";
}

function picturesOf({ weights, rows, columns }: Filters) {
  const size = rows * columns;
  return Array.from({ length: weights.length / size }, (_, place) => {
    const own = weights.subarray(place * size, (place + 1) * size);
    const [least, most] = rangeOf(own);
    return {
      weights: own,
      greatest: greatestOf(own),
      title: `${formatValue(least)} to ${formatValue(most)}`,
    };
  });
}

function followKey(event: KeyboardEvent, pointed: number, point: (place: number) => void): void {
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
