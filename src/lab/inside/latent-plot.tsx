import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatShare } from "../shared/format.ts";
import { decodeAt, moveCrossHair, pointAtImage } from "./actions.ts";
import type { CodePlane } from "./codes.ts";
import { useDark } from "./parts.tsx";
import type { Codes } from "./protocol.ts";
import {
  drawScatter,
  middleOf,
  moved,
  nearestPoint,
  type Plot,
  placeAt,
  plotOf,
  readScatterColors,
} from "./scatter-plot.ts";
import { codeLabels, insideState } from "./state.ts";

/** The maximum distance at which a point can be pointed at, in CSS pixels. */
const reach = 14;

/** The share of the plot by which an arrow key moves, alone and with Shift. */
const strides = { small: 0.02, large: 0.1 } as const;

const directions: { readonly [key: string]: readonly [across: number, up: number] } = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The points on a canvas that is a button: the pointer points and presses; arrow keys move a cross-hair, and Enter presses. */
export function LatentPlot({ codes }: { readonly codes: Codes }) {
  const place = useRef<HTMLButtonElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  const { width, height } = size.value;
  const { plane, decodes } = codes;
  const plot = useMemo(() => plotOf(plane, width, height), [plane, width, height]);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const measure = () => {
      size.value = { width: element.clientWidth, height: element.clientHeight };
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  return (
    <div>
      <p class="latent-axis">↑ {axisName(plane, 1)}</p>
      <button
        ref={place}
        type="button"
        class="latent-plot"
        aria-label={
          decodes
            ? "Latent space: the arrow keys move a cross-hair, Enter decodes the place under it"
            : "Latent space: the arrow keys move a cross-hair"
        }
        onPointerMove={(event) => point(plot, plane, pixelOf(event), reach)}
        onClick={(event) => press(plot, plane, event)}
        onKeyDown={(event) => followKey(plot, plane, event)}
      >
        <Points plane={plane} plot={plot} />
        <LatentMarks plane={plane} plot={plot} />
      </button>
      <p class="latent-axis latent-axis-across">{axisName(plane, 0)} →</p>
    </div>
  );
}

function Points({ plane, plot }: { readonly plane: CodePlane; readonly plot: Plot }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  const { value: labels } = codeLabels;
  const { value: only } = insideState.latent.label;
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const density = window.devicePixelRatio;
    element.width = Math.round(plot.width * density);
    element.height = Math.round(plot.height * density);
    context.scale(density, density);
    drawScatter(context, plot, { points: plane.points, labels, only }, readScatterColors());
  }, [plane, plot, labels, only, dark]);
  return <canvas ref={canvas} class="latent-points" />;
}

function axisName({ direct, shares }: CodePlane, axis: 0 | 1): string {
  const name = direct ? `value ${axis + 1} of the code` : `principal component ${axis + 1}`;
  return `${name}, ${formatShare(shares[axis])} of the variance`;
}

function pixelOf(event: MouseEvent) {
  const { left = 0, top = 0 } =
    event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : {};
  return { x: event.clientX - left, y: event.clientY - top };
}

/** Points at the nearest image within reach; if there is none, the pointed image stays. */
function point(
  plot: Plot,
  plane: CodePlane,
  pixel: { readonly x: number; readonly y: number },
  within: number,
) {
  const found = nearestPoint(plot, plane.points, pixel, within);
  if (found !== undefined) pointAtImage(found);
}

/** Handles a press. A press by the keyboard has no position, so it uses the cross-hair's. */
function press(plot: Plot, plane: CodePlane, event: MouseEvent): void {
  if (event.detail === 0) {
    decodeAt(insideState.latent.crossHair.value ?? middleOf(plot));
    return;
  }
  const pixel = pixelOf(event);
  point(plot, plane, pixel, 2 * reach);
  decodeAt(placeAt(plot, pixel));
}

function followKey(plot: Plot, plane: CodePlane, event: KeyboardEvent): void {
  const direction = directions[event.key];
  if (!direction) return;
  event.preventDefault();
  const { crossHair } = insideState.latent;
  const stride = event.shiftKey ? strides.large : strides.small;
  const [across, up] = direction;
  const { x, y } = moved(plot, crossHair.value ?? middleOf(plot), stride * across, stride * up);
  moveCrossHair({ x, y });
  point(plot, plane, { x: plot.x.at(x), y: plot.y.at(y) }, 2 * reach);
}

interface LatentMarksProps {
  readonly plane: CodePlane;
  readonly plot: Plot;
}

/** A ring around the image that is pointed at, and the cross-hair. */
function LatentMarks({ plane: { points }, plot }: LatentMarksProps) {
  const { value: pointed } = insideState.latent.pointed;
  const { value: crossHair } = insideState.latent.crossHair;
  const { width, height } = plot;
  const [left, right] = plot.x.range;
  const [bottom, top] = plot.y.range;
  return (
    <svg class="latent-marks" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {pointed !== undefined && (
        <circle
          class="latent-ring"
          cx={plot.x.at(points[2 * pointed] ?? 0)}
          cy={plot.y.at(points[2 * pointed + 1] ?? 0)}
          r={9}
        />
      )}
      {crossHair && (
        <path
          class="latent-cross"
          d={`M${plot.x.at(crossHair.x)} ${top}V${bottom}M${left} ${plot.y.at(crossHair.y)}H${right}`}
        />
      )}
    </svg>
  );
}
