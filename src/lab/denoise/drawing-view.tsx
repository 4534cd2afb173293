import type { Plane } from "../../data/plane.ts";
import { filters } from "../../filters/filters.ts";
import { formatDecibels, nothing } from "../shared/format.ts";
import { Picture } from "../shared/picture.tsx";
import { padSize, store } from "../store.ts";
import { drawnFilters, saveDrawing } from "./draw.ts";
import { clean, withNoise } from "./drawn.ts";
import { NetworkWords } from "./network-words.tsx";
import { psnrOf } from "./psnr-of.ts";
import { whereRunStood } from "./where-run-stood.ts";

/** The drawing with its noise, and what network and filters make of it. */
export function DrawnImages() {
  const { denoised, filtered, fault } = store.draw;
  const drawing = clean.value;
  const noisy = withNoise.value;
  return (
    <>
      <div class="drawn-images">
        <Drawn title="noisy" outcome={drawing && noisy && { clean: drawing, plane: noisy }} />
        <Drawn title="denoised" outcome={denoised.value} main />
        {drawnFilters.map((filter) => (
          <Drawn key={filter} title={filters[filter].title} outcome={filtered.value.get(filter)} />
        ))}
      </div>
      <div class="notices" role="status">
        {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
      </div>
      <button
        type="button"
        class="button button-small drawn-save"
        aria-disabled={denoised.value === undefined}
        onClick={() => void saveDrawing()}
      >
        Save picture
      </button>
      <DrawnNote />
    </>
  );
}

interface DrawnProps {
  readonly title: string;
  readonly outcome: { readonly clean: Plane; readonly plane: Plane } | undefined;
  /** Whether it is what all this is for. */
  readonly main?: boolean;
}

function Drawn({ title, outcome, main = false }: DrawnProps) {
  const { rows, columns } = padSize.value;
  return (
    <figure class={main ? "drawn drawn-main" : "drawn"} aria-label={`Drawing, ${title}`}>
      {outcome ? (
        <Picture
          title={`drawing, ${title}`}
          pixels={outcome.plane.values}
          rows={outcome.plane.rows}
          columns={outcome.plane.columns}
        />
      ) : (
        <div class="drawn-empty" style={{ aspectRatio: columns / rows }} />
      )}
      <figcaption>
        {title} <span class="drawn-psnr">{outcome ? `${formatDecibels(psnrOf(outcome))} dB` : nothing}</span>
      </figcaption>
    </figure>
  );
}

/** Who made what is shown; the last thing of the card, since its length changes. */
function DrawnNote() {
  const { value: denoised } = store.draw.denoised;
  const waits = drawnFilters.some(
    (name) => !store.results.filters.value.some(({ filter }) => filter === name),
  );
  return (
    <p class="drawn-note">
      {denoised && (
        <>
          Denoised by {denoised.modelName ?? whereRunStood(denoised.progress)}:{" "}
          <NetworkWords network={denoised.network} />.{" "}
        </>
      )}
      {waits ? "The filters come as soon as they are tuned." : "The filters are tuned for the run's noise."}
    </p>
  );
}
