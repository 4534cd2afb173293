import type { Locator } from "@playwright/test";

/** The position of an element in the window, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Scrolls an element into view, and returns its position in the window when it no longer moves. */
export function boxOf(part: Locator): Promise<Box> {
  return part.evaluate(async (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const place = () => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    };
    for (;;) {
      const before = place();
      for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
      const box = place();
      if (JSON.stringify(box) === JSON.stringify(before)) return box;
    }
  });
}

/** The contents of canvases, as data addresses. */
export function drawnOn(canvases: Locator): Promise<string[]> {
  return canvases.evaluateAll((found) => found.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
}

/** The contents of the only canvas, when it exists. */
export async function drawnOne(canvas: Locator): Promise<string> {
  await canvas.waitFor();
  const [picture = ""] = await drawnOn(canvas);
  return picture;
}
