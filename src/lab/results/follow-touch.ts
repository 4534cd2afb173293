/** Milliseconds after a tap in which a mouse that leaves is none. */
const afterTap = 500;

/**
 * Hands on what a finger does over a chart as what a mouse would do, since uPlot knows mice alone: a drag to the side draws a
 * selection, while one upwards or downwards scrolls the page (`touch-action: pan-y`). Taps come from the browser by themselves.
 * Ends when it is aborted.
 */
export function followTouch(over: HTMLElement): AbortController {
  const end = new AbortController();
  const names = { pointerdown: "mousedown", pointermove: "mousemove", pointerup: "mouseup" } as const;
  for (const [pointer, mouse] of Object.entries(names)) {
    over.addEventListener(
      pointer,
      (event) => {
        if (!(event instanceof PointerEvent) || event.pointerType !== "touch" || !event.isPrimary) return;
        const { clientX, clientY } = event;
        // uPlot takes a move by nothing for a stray one.
        over.dispatchEvent(new MouseEvent(mouse, { bubbles: true, clientX, clientY, movementX: 1 }));
      },
      { signal: end.signal },
    );
  }
  over.addEventListener(
    "pointercancel",
    () => over.dispatchEvent(new MouseEvent("mouseup", { bubbles: true })),
    {
      signal: end.signal,
    },
  );
  keepTapped(over, end.signal);
  return end;
}

/** After a tap a browser may move its mouse back to where it was before, outside the chart: what was tapped stays pointed at. */
function keepTapped(over: HTMLElement, signal: AbortSignal): void {
  let tapped = Number.NEGATIVE_INFINITY;
  over.addEventListener(
    "pointerup",
    ({ pointerType, timeStamp }) => {
      if (pointerType === "touch") tapped = timeStamp;
    },
    { signal },
  );
  over.addEventListener(
    "mouseleave",
    (event) => {
      if (event.timeStamp - tapped < afterTap) event.stopImmediatePropagation();
    },
    { signal, capture: true },
  );
}
