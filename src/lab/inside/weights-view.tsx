import { useMemo } from "preact/hooks";
import { Choice } from "../shared/controls.tsx";
import { formatValue } from "../shared/format.ts";
import { chooseLayer, chooseScale, pointAtWeights, turnWeights } from "./layer-actions.ts";
import { followGridKey, UnitPager, useDark, WeightImage } from "./parts.tsx";
import type { Filters } from "./protocol.ts";
import { insideState } from "./state.ts";
import { greatestOf, rangeOf, readWeightColors, type WeightColors } from "./weights.ts";

const layers = [
  { value: "encoder", title: "Encoder, first layer" },
  { value: "decoder", title: "Decoder, last layer" },
] as const;

const scales = [
  { value: "shared", title: "One scale" },
  { value: "own", title: "Each its own" },
] as const;

const notes = {
  encoder:
    "What each unit of the first hidden layer looks for: a weight for every pixel of the noisy image. Of convolutions, the kernels of 3 x 3 pixels.",
  decoder:
    "What each unit of the last hidden layer draws: a weight for every pixel of the output. Of convolutions, the last kernels of 3 x 3 pixels.",
};

/** The weights between pixels and units, a picture for each unit. */
export function WeightsView() {
  const { layer, scale } = insideState.weights;
  const { value: filters } = insideState.filters;
  return (
    <>
      <p class="card-note">{notes[layer.value]}</p>
      <div class="inside-controls">
        <Choice
          name="filter-layer"
          legend="Layer"
          options={layers}
          chosen={layer.value}
          onChoose={chooseLayer}
        />
        <Choice
          name="filter-scale"
          legend="Colours"
          options={scales}
          chosen={scale.value}
          onChoose={chooseScale}
        />
        {filters && <UnitPager first={filters.first} units={filters.units} onTurn={turnWeights} />}
      </div>
      {filters ? <Pictures filters={filters} /> : <p class="inside-empty">The weights are being read.</p>}
    </>
  );
}

function Pictures({ filters }: { readonly filters: Filters }) {
  const { unit, scale } = insideState.weights;
  const dark = useDark();
  const colors = useMemo(readWeightColors, [dark]);
  const size = filters.rows * filters.columns;
  const pictured = filters.weights.length / size;
  const place = Math.max(0, Math.min(unit.value - filters.first, pictured - 1));
  const weights = filters.weights.subarray(place * size, (place + 1) * size);
  const greatest = scale.value === "own" ? greatestOf(weights) : filters.greatest;
  const [least, most] = rangeOf(weights);
  return (
    <div class="filters">
      <FilterGrid filters={filters} colors={colors} />
      <div class="filter-details">
        <WeightImage
          title={`Weights of unit ${filters.first + place + 1}`}
          weights={weights}
          rows={filters.rows}
          columns={filters.columns}
          greatest={greatest}
          colors={colors}
        />
        <div>
          <p class="filter-name">
            <strong>Unit {filters.first + place + 1}</strong>
            <span>
              {formatValue(least)} to {formatValue(most)}
            </span>
          </p>
          <div class="weight-scale">
            <div class="weight-bar" />
            <span>{formatValue(-greatest)}</span>
            <span>0</span>
            <span>{formatValue(greatest)}</span>
          </div>
        </div>
      </div>
    </div>
  );
}

/** The maximum number of pictures that are drawn large. */
const largeCount = 32;

interface FilterGridProps {
  readonly filters: Filters;
  readonly colors: WeightColors;
}

/** A page of units that can be pointed at; the Tab key reaches one of them, the arrow keys move between them. */
function FilterGrid({ filters, colors }: FilterGridProps) {
  const { unit, scale } = insideState.weights;
  const { rows, columns, first } = filters;
  // Memoized, so that pointing at one does not draw them again.
  const pictures = useMemo(() => picturesOf(filters), [filters]);
  const pointed = Math.max(0, Math.min(unit.value - first, pictures.length - 1));
  const point = (place: number) => pointAtWeights(first + place);
  return (
    <fieldset class={classOf(pictures.length)} onKeyDown={(event) => followGridKey(event, pointed, point)}>
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
          <WeightImage
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

/** The CSS class: a small number of pictures is drawn larger. */
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
