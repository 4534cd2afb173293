import type { TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { Picture } from "../shared/controls.tsx";
import { beginStroke, extendStroke, liftPen, moveCursor, onPad, togglePen, undo } from "./draw.ts";
import { padPoint } from "./drawing.ts";
import { drawState, padSize } from "./state.ts";

type Drawn = TargetedPointerEvent<HTMLDivElement>;

/** The bit of a pen's eraser among the buttons of a pointer. */
const eraserButton = 32;

const steps: ReadonlyMap<string, readonly [dx: number, dy: number]> = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

/** Pixels that an arrow key moves the pen with Shift. */
const stride = 4;

/** The area to draw on, by mouse, finger, pen or keys. */
export function Pad() {
  const { rows, columns, values } = onPad.value;
  return (
    <>
      <div
        class="pad"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys draw here.
        tabIndex={0}
        aria-label={`Drawing pad of ${columns} × ${rows} pixels`}
        aria-describedby="pad-help"
        onPointerDown={press}
        onPointerMove={drag}
        onKeyDown={steer}
        onBlur={liftPen}
      >
        <Picture title="drawing" pixels={values} rows={rows} columns={columns} />
        <Cursor />
        {drawState.strokes.value.length === 0 && (
          <p class="pad-hint" aria-hidden="true">
            Draw a digit here
          </p>
        )}
      </div>
      <PenStatus />
      <p class="setting-help pad-help" id="pad-help">
        By mouse, finger or pen. Keys: arrows move, with Shift further; Space puts the pen down or lifts it.
      </p>
    </>
  );
}

function Cursor() {
  const { value: cursor } = drawState.cursor;
  if (!cursor) return null;
  const { rows, columns } = padSize.value;
  const style = { left: `${(100 * cursor.x) / columns}%`, top: `${(100 * cursor.y) / rows}%` };
  return <div class={`pad-cursor ${drawState.penDown.value ? "pad-cursor-down" : ""}`} style={style} />;
}

function PenStatus() {
  const { cursor, penDown } = drawState;
  const at = cursor.value;
  const where = at && `row ${Math.ceil(at.y)}, column ${Math.ceil(at.x)}`;
  return (
    <p class="visually-hidden" role="status">
      {where && `Pen ${penDown.value ? "down" : "up"}, ${where}`}
    </p>
  );
}

function press(event: Drawn): void {
  const erases = event.pointerType === "pen" && (event.buttons & eraserButton) !== 0;
  if (!event.isPrimary || (event.button !== 0 && !erases)) return;
  liftPen();
  event.currentTarget.setPointerCapture(event.pointerId);
  beginStroke(pointOf(event, event), erases ? "eraser" : undefined);
}

/** Handles all positions of the pointer since the last frame. */
function drag(event: Drawn): void {
  if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
  const places = event.getCoalescedEvents();
  extendStroke((places.length > 0 ? places : [event]).map((place) => pointOf(place, event)));
}

function pointOf(place: Pick<PointerEvent, "clientX" | "clientY">, { currentTarget }: Drawn) {
  return padPoint(place, currentTarget.getBoundingClientRect(), padSize.value);
}

function steer(event: TargetedKeyboardEvent<HTMLDivElement>): void {
  const step = steps.get(event.key);
  const commanded = event.ctrlKey || event.metaKey;
  if (commanded && event.key.toLowerCase() === "z") undo();
  else if (commanded || event.altKey) return;
  else if (step) {
    const factor = event.shiftKey ? stride : 1;
    moveCursor(factor * step[0], factor * step[1]);
  } else if (event.key === " " || event.key === "Enter") {
    if (!event.repeat) togglePen();
  } else if (event.key === "Escape") liftPen();
  else return;
  event.preventDefault();
}
