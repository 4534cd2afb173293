import type { Locator } from "@playwright/test";

/** Where something lies in the window, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Scrolls a part of the page into view, and says where it lies in the window once it stands still. */
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

/** What canvases show, as data addresses. */
export function drawnOn(canvases: Locator): Promise<string[]> {
  return canvases.evaluateAll((found) => found.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
}

/** What the one canvas shows, once it is there. */
export async function drawnOne(canvas: Locator): Promise<string> {
  await canvas.waitFor();
  const [picture = ""] = await drawnOn(canvas);
  return picture;
}
