import { batch, computed } from "@preact/signals";
import type { FilterName } from "../../filters/filter.ts";
import { filterImage } from "../results/actions.ts";
import { resultsState } from "../results/state.ts";
import { runSpec, runState } from "../run/state.ts";
import { ask, sentenceOf } from "../run/worker-link.ts";
import { savePng } from "../shared/picture-files.ts";
import { NewestOnly, Refresher } from "../shared/scheduling.ts";
import { centred, noisy, type PadPoint, rasterise, type Stroke, sideBySide, stepped } from "./drawing.ts";
import { drawState, networkInUse, padSize } from "./state.ts";

/** The classical filters whose results are shown for the drawing. */
export const drawnFilters = ["gaussian", "non-local-means", "total-variation"] as const;

/** The least distance between points of a stroke, in pixels: more points would make no visible difference. */
const nearest = 0.5;

const networkWork = new NewestOnly();
const filterWork: ReadonlyMap<FilterName, NewestOnly> = new Map(
  drawnFilters.map((filter) => [filter, new NewestOnly()]),
);
const refresher = new Refresher(denoise);

/** The drawing on the pad, as an image. */
export const onPad = computed(() => rasterise(drawState.strokes.value, padSize.value));

/** The drawing without noise, which is the ideal output of the network; undefined while nothing is drawn. */
export const clean = computed(() => {
  if (onPad.value.values.every((value) => value === 0)) return undefined;
  if (!drawState.centre.value) return onPad.value;
  return rasterise(centred(drawState.strokes.value, padSize.value), padSize.value);
});

/** The drawing with its noise: the network's input. */
export const withNoise = computed(
  () => clean.value && noisy(clean.value, drawState.factor.value, drawState.field.value),
);

/** Puts the pen, or the tool that is given, on the pad. */
export function beginStroke(point: PadPoint, tool: Stroke["tool"] = drawState.tool.value): void {
  change([...drawState.strokes.value, { tool, points: [point] }]);
}

/** Moves the pen over the pad. */
export function extendStroke(points: readonly PadPoint[]): void {
  const { value: strokes } = drawState.strokes;
  const stroke = strokes.at(-1);
  if (!stroke) return;
  const longer = [...stroke.points];
  for (const point of points) {
    const end = longer.at(-1);
    if (!end || Math.hypot(point.x - end.x, point.y - end.y) >= nearest) longer.push(point);
  }
  if (longer.length > stroke.points.length) {
    drawState.strokes.value = [...strokes.slice(0, -1), { ...stroke, points: longer }];
  }
}

/** Moves the keyboard's pen by pixels, drawing if it is down. */
export function moveCursor(dx: number, dy: number): void {
  batch(() => {
    const cursor = stepped(standing(), dx, dy, padSize.value);
    drawState.cursor.value = cursor;
    if (drawState.penDown.value) extendStroke([cursor]);
  });
}

/** Puts the keyboard's pen down, or lifts it. */
export function togglePen(): void {
  batch(() => {
    const cursor = standing();
    drawState.cursor.value = cursor;
    drawState.penDown.value = !drawState.penDown.value;
    if (drawState.penDown.value) beginStroke(cursor);
  });
}

export function liftPen(): void {
  drawState.penDown.value = false;
}

/** Undoes the latest stroke, or the latest clearing. */
export function undo(): void {
  const { value: past } = drawState.past;
  const before = past.at(-1);
  if (!before) return;
  batch(() => {
    liftPen();
    drawState.strokes.value = before;
    drawState.past.value = past.slice(0, -1);
  });
}

export function clear(): void {
  if (drawState.strokes.value.length === 0) return;
  batch(() => {
    liftPen();
    change([]);
  });
}

export function chooseTool(tool: Stroke["tool"]): void {
  drawState.tool.value = tool;
}

/** Switches centring of the drawing, as training digits are centred, on or off. */
export function switchCentring(on: boolean): void {
  drawState.centre.value = on;
}

/** Sets the factor of the noise on the drawing. */
export function setNoise(factor: number): void {
  drawState.factor.value = factor;
}

export function newNoise(): void {
  drawState.field.value += 1;
}

/** Downloads the drawing as a PNG file: as drawn, with noise, denoised. */
export async function saveDrawing(): Promise<void> {
  const { value: denoised } = drawState.denoised;
  const { value: noisy } = withNoise;
  if (denoised && noisy) await savePng(sideBySide([denoised.clean, noisy, denoised.plane]), "drawing.png");
}

/** Has the network denoise the drawing whenever the drawing, the noise, the network or the run changes. */
export function followDrawing(): void {
  void runSpec.value;
  void networkInUse.value;
  if (withNoise.value) void networkWork.do(denoiseNow);
  else forget();
}

/** Has the run denoise the drawing again at intervals while it trains. */
export function followLearning(): void {
  void runState.progress.value;
  const learns = networkInUse.value?.source === undefined && clean.value !== undefined;
  if (learns) refresher.want(false);
  else refresher.stop();
}

/** Has the filters denoise the drawing once they are tuned for the run's noise. */
export function followFilters(): void {
  const { value: noisy } = withNoise;
  const tuned = resultsState.filters.value.map(({ filter }) => filter);
  if (!noisy) return;
  for (const [filter, work] of filterWork) {
    if (tuned.includes(filter)) void work.do(() => filterNow(filter));
  }
}

/** Images of another size need another pad, which is empty. */
export function followPad(): void {
  const { value: size } = padSize;
  const before = drawState.pad.peek();
  if (size.rows === before?.rows && size.columns === before.columns) return;
  drawState.pad.value = size;
  if (before === undefined) return;
  batch(() => {
    liftPen();
    drawState.strokes.value = [];
    drawState.past.value = [];
    drawState.cursor.value = undefined;
  });
}

async function denoise(): Promise<void> {
  await networkWork.do(denoiseNow);
}

/** Denoises the current drawing; several changes since the last call count as one. */
async function denoiseNow(): Promise<void> {
  const { value: drawing } = clean;
  const { value: noisy } = withNoise;
  const { value: inUse } = networkInUse;
  // Without a run the Worker may not be open yet.
  if (!drawing || !noisy || !inUse || !runSpec.value) return;
  const { rows, columns, values } = noisy;
  const request = { rows, columns, images: values, model: inUse.source };
  const found = await ask((connected) => connected.denoiseImages(request), showFault);
  if (!found || !clean.value) return;
  const { images, network, progress } = found;
  batch(() => {
    drawState.fault.value = undefined;
    drawState.denoised.value = {
      clean: drawing,
      plane: { rows, columns, values: images },
      network,
      progress,
      modelName: inUse.name,
    };
  });
}

async function filterNow(filter: FilterName): Promise<void> {
  const { value: drawing } = clean;
  const { value: noisy } = withNoise;
  if (!drawing || !noisy) return;
  // The comparison on the page says why filters are not available.
  const plane = await filterImage(filter, noisy).catch(() => undefined);
  if (!plane || !clean.value) return;
  drawState.filtered.value = new Map(drawState.filtered.value).set(filter, { clean: drawing, plane });
}

/** Replaces the drawing; the change can be undone. */
function change(strokes: readonly Stroke[]): void {
  batch(() => {
    drawState.past.value = [...drawState.past.value, drawState.strokes.value];
    drawState.strokes.value = strokes;
  });
}

/** The position of the keyboard's pen, initially the middle. */
function standing(): PadPoint {
  const { rows, columns } = padSize.value;
  return drawState.cursor.value ?? { x: Math.floor(columns / 2) + 0.5, y: Math.floor(rows / 2) + 0.5 };
}

/** Drops the results of a drawing that was cleared. */
function forget(): void {
  batch(() => {
    drawState.denoised.value = undefined;
    drawState.filtered.value = new Map();
    drawState.fault.value = undefined;
  });
}

function showFault(error: unknown): void {
  drawState.fault.value = sentenceOf(error);
}
