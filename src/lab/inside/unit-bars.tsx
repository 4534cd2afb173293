import { formatShare, formatValue } from "../shared/format-value.ts";
import { store } from "../store.ts";
import type { CodeUnits } from "./code-units.ts";

interface UnitBarsProps {
  readonly units: CodeUnits;
  /** The units shown: `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  readonly chosen: number;
}

/** Two rows of bars, one above the other, over which a slider goes from unit to unit. */
export function UnitBars({ units, first, end, chosen }: UnitBarsProps) {
  const { active, mean } = units;
  const most = mean.reduce((greatest, value) => Math.max(greatest, value), 0);
  const shown = Array.from({ length: end - first }, (_, index) => first + index);
  const choose = (unit: number) => {
    store.inside.units.unit.value = Math.max(first, Math.min(unit, end - 1));
  };
  const isDead = (unit: number) => active[unit] === 0;
  return (
    <div class="unit-bars">
      <p class="unit-title">active on, share of the images</p>
      <div class="unit-row unit-row-active">
        {shown.map((unit) => (
          <Bar key={unit} share={active[unit] ?? 0} dead={isDead(unit)} chosen={unit === chosen} />
        ))}
        <span class="unit-most">100 %</span>
      </div>
      <p class="unit-title">mean value</p>
      <div class="unit-row unit-row-mean">
        {shown.map((unit) => (
          <Bar
            key={unit}
            share={most > 0 ? (mean[unit] ?? 0) / most : 0}
            dead={isDead(unit)}
            chosen={unit === chosen}
          />
        ))}
        <span class="unit-most">{formatValue(most)}</span>
      </div>
      <div class="unit-ends" aria-hidden="true">
        <span>unit {first + 1}</span>
        <span>unit {end}</span>
      </div>
      <input
        type="range"
        class="unit-slider"
        min={first}
        max={Math.max(end - 1, first)}
        value={chosen}
        aria-label="Unit of the code"
        aria-valuetext={
          isDead(chosen)
            ? `unit ${chosen + 1}, dead`
            : `unit ${chosen + 1}, active on ${formatShare(active[chosen] ?? 0)}, mean ${formatValue(mean[chosen] ?? 0)}`
        }
        onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
        onPointerMove={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect();
          choose(first + Math.floor(((event.clientX - left) / width) * shown.length));
        }}
      />
    </div>
  );
}

interface BarProps {
  /** How high it is: 0 to 1. */
  readonly share: number;
  readonly dead: boolean;
  readonly chosen: boolean;
}

function Bar({ share, dead, chosen }: BarProps) {
  const state = `${dead ? " unit-dead" : ""}${chosen ? " unit-chosen" : ""}`;
  return (
    <div class={`unit-bar${state}`}>
      <div class="unit-fill" style={{ transform: `scaleY(${share})` }} />
      {dead && <span class="unit-cross">×</span>}
    </div>
  );
}
