import { formatCount } from "../shared/format.ts";
import type { PriorPoint } from "./protocol.ts";
import { bestPoint, priorState } from "./state.ts";

/** The least range of the steps, so that the first points are not spread over the whole width. */
const leastSteps = 500;

/** The share of the height that is free above and below the curve. */
const margin = 0.08;

/** Places in the chart, from its left and its top: 0 to 100. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** The error of the held-out pixels over the steps, on a logarithmic axis, with the least one marked. */
export function ErrorChart() {
  const { value: points } = priorState.points;
  const { value: best } = bestPoint;
  const errors = points.map(({ heldOut }) => heldOut);
  const [least, most] = [Math.min(...errors), Math.max(...errors)];
  const lastStep = Math.max(leastSteps, points.at(-1)?.step ?? 0);
  const placeOf = ({ step, heldOut }: PriorPoint): Place => {
    const share = most > least ? Math.log(heldOut / least) / Math.log(most / least) : 1;
    return { x: (100 * step) / lastStep, y: 100 * (1 - margin - (1 - 2 * margin) * share) };
  };
  const mark = best && placeOf(best);
  return (
    <figure class="prior-chart">
      <figcaption>
        Error of the held-out pixels over the steps
        <span class="prior-words">root mean square, where white is 255, on a logarithmic axis</span>
      </figcaption>
      <div class="prior-plot" role="img" aria-label={wordsOf(points, best)}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <polyline
            points={points
              .map(placeOf)
              .map(({ x, y }) => `${x},${y}`)
              .join(" ")}
          />
          {mark && <line x1={mark.x} x2={mark.x} y1={mark.y} y2="100" />}
        </svg>
        {mark && (
          <>
            <span class="prior-mark" style={{ left: `${mark.x}%`, top: `${mark.y}%` }} />
            <Level error={most} y={100 * margin} />
            {most > least && <Level error={least} y={100 * (1 - margin)} />}
          </>
        )}
      </div>
      <p class="prior-axis" aria-hidden="true">
        <span>0</span>
        <span>{best ? `least: ${greyLevels(best.heldOut)} after ${formatCount(best.step)} steps` : ""}</span>
        <span>{formatCount(lastStep)} steps</span>
      </p>
    </figure>
  );
}

/** A number of the vertical axis. */
function Level({ error, y }: { readonly error: number; readonly y: number }) {
  return (
    <span class="prior-level" style={{ top: `${y}%` }}>
      {greyLevels(error)}
    </span>
  );
}

/** The chart in words, for screen readers. */
function wordsOf(points: readonly PriorPoint[], best: PriorPoint | undefined): string {
  const [last] = points.slice(-1);
  if (!best || !last) return "The error of the held-out pixels: no steps yet";
  return `The error of the held-out pixels is least after ${formatCount(best.step)} steps, ${greyLevels(best.heldOut)} of 255, and ${greyLevels(last.heldOut)} after ${formatCount(last.step)} steps`;
}

/** A mean squared error as its root in grey levels: 0.0096 -> "25.0" */
function greyLevels(heldOut: number): string {
  return (255 * Math.sqrt(heldOut)).toFixed(1);
}
