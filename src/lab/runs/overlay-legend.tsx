import { nothing } from "../shared/format.ts";
import type { Overlay } from "./overlays.ts";
import type { KeptRun } from "./run-record.ts";
import { RunSwatch } from "./run-swatch.tsx";

interface OverlayLegendProps {
  readonly overlays: readonly Overlay[];
  /** A run's figure; undefined where it has none. */
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
