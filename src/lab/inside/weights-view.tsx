import { useMemo } from "preact/hooks";
import type { Filters } from "../inside-service.ts";
import { Choice } from "../shared/choice.tsx";
import { formatValue } from "../shared/format-value.ts";
import { store } from "../store.ts";
import { FilterGrid } from "./filter-grid.tsx";
import { FilterImage } from "./filter-image.tsx";
import { UnitPager } from "./parts.tsx";
import { useDark } from "./use-color-scheme.ts";
import { readWeightColors } from "./weight-colors.ts";
import { greatestOf, rangeOf } from "./weights.ts";

const layers = [
  { value: "encoder", title: "Encoder, first layer" },
  { value: "decoder", title: "Decoder, last layer" },
] as const;

const scales = [
  { value: "shared", title: "One scale" },
  { value: "own", title: "Each its own" },
] as const;

const notes = {
  encoder: "What each unit of the first hidden layer looks for: a weight for every pixel of the noisy image.",
  decoder: "What each unit of the last hidden layer draws: a weight for every pixel of the output.",
};

/** The weights between pixels and units, a picture for each unit. */
export function WeightsView() {
  const { layer, scale, first } = store.inside.weights;
  const { value: filters } = store.inside.filters;
  return (
    <>
      <p class="card-note">{notes[layer.value]}</p>
      <div class="inside-controls">
        <Choice
          name="filter-layer"
          legend="Layer"
          options={layers}
          chosen={layer.value}
          onChoose={(chosen) => {
            layer.value = chosen;
            first.value = 0;
          }}
        />
        <Choice
          name="filter-scale"
          legend="Colours"
          options={scales}
          chosen={scale.value}
          onChoose={(chosen) => {
            scale.value = chosen;
          }}
        />
        {filters && (
          <UnitPager
            first={filters.first}
            units={filters.units}
            onTurn={(to) => {
              first.value = to;
            }}
          />
        )}
      </div>
      {filters ? <Pictures filters={filters} /> : <p class="inside-empty">The weights are being read.</p>}
    </>
  );
}

function Pictures({ filters }: { readonly filters: Filters }) {
  const { unit, scale } = store.inside.weights;
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
        <FilterImage
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
