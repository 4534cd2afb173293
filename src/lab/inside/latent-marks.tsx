import { store } from "../store.ts";
import type { CodePlane } from "./codes.ts";
import type { Plot } from "./plot.ts";

interface LatentMarksProps {
  readonly plane: CodePlane;
  readonly plot: Plot;
}

/** A ring around the image that is pointed at, and the cross-hair. */
export function LatentMarks({ plane: { points }, plot }: LatentMarksProps) {
  const { value: pointed } = store.inside.latent.pointed;
  const { value: crossHair } = store.inside.latent.crossHair;
  const { width, height } = plot;
  const [left, right] = plot.x.range();
  const [bottom, top] = plot.y.range();
  return (
    <svg class="latent-marks" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {pointed !== undefined && (
        <circle
          class="latent-ring"
          cx={plot.x(points[2 * pointed] ?? 0)}
          cy={plot.y(points[2 * pointed + 1] ?? 0)}
          r={9}
        />
      )}
      {crossHair && (
        <path
          class="latent-cross"
          d={`M${plot.x(crossHair.x)} ${top}V${bottom}M${left} ${plot.y(crossHair.y)}H${right}`}
        />
      )}
    </svg>
  );
}
