import { nothing } from "../shared/format.ts";
import type { KeptRun } from "./run-record.ts";
import type { Overlay } from "./state.ts";

interface OverlayLegendProps {
  readonly overlays: readonly Overlay[];
  /** A run's figure; undefined if it has none. */
  readonly textOf: (run: KeptRun) => string | undefined;
}

/** The kept runs in a chart, each with its line, its name and a figure. */
export function OverlayLegend({ overlays, textOf }: OverlayLegendProps) {
  return (
    <>
      {overlays.map(({ run, color, dash }) => (
        <span key={run.id} class="legend-item legend-run">
          <RunSwatch color={color} dash={dash} />
          <i>{run.name}</i> <span>{textOf(run) ?? nothing}</span>
        </span>
      ))}
    </>
  );
}

/** A kept run's line as the charts draw it. */
export function RunSwatch({ color, dash }: Pick<Overlay, "color" | "dash">) {
  return (
    <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true" style={{ stroke: `var(${color})` }}>
      <path d="M0 6h26" fill="none" stroke-width="2.5" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
