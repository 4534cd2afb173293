import type { Codes } from "../inside-service.ts";
import { formatShare, formatValue } from "../shared/format-value.ts";
import { store } from "../store.ts";
import { unitsPerPage } from "./actions.ts";
import { deadSentence } from "./code-units.ts";
import { UnitPager } from "./parts.tsx";
import { UnitBars } from "./unit-bars.tsx";

/** How often each unit of the code is active, and how much; those that never are, are dead. */
export function CodesView() {
  const { value: codes } = store.inside.codes;
  if (!codes) return <p class="inside-empty">The images are being encoded.</p>;
  return <Histogram codes={codes} />;
}

function Histogram({ codes }: { readonly codes: Codes }) {
  const { size, units, images } = codes;
  const { first: wanted, unit: chosen } = store.inside.units;
  const first = wanted.value < size ? wanted.value : 0;
  const end = Math.min(first + unitsPerPage, size);
  const unit = Math.min(Math.max(first, chosen.value), end - 1);
  const active = units.active[unit] ?? 0;
  return (
    <>
      <p class="codes-sentence" id="dead-units">
        {deadSentence(units, images.length)}
      </p>
      <div class="inside-controls">
        <p class="codes-unit">
          <strong>Unit {unit + 1}</strong>{" "}
          {active === 0
            ? "is dead."
            : `is active on ${formatShare(active)} of the images, ${formatValue(units.mean[unit] ?? 0)} in the mean.`}
        </p>
        <UnitPager
          first={first}
          units={size}
          onTurn={(to) => {
            wanted.value = to;
          }}
        />
      </div>
      <UnitBars units={units} first={first} end={end} chosen={unit} />
    </>
  );
}
