import type { Page } from "@playwright/test";

/** A position in the window, in CSS pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Moves through the positions with the mouse button down. */
export async function strokeByMouse(page: Page, places: readonly Place[]): Promise<void> {
  const [first] = places;
  if (!first) return;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of between(places)) await page.mouse.move(x, y);
  await page.mouse.up();
}

/** Moves through the positions with the pen down. */
export async function strokeByPen(page: Page, places: readonly Place[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return;
  const pen = { pointerType: "pen", button: "left", force: 0.5 } as const;
  const send = (event: { type: "mousePressed" | "mouseMoved" | "mouseReleased" } & Place, buttons: number) =>
    client.send("Input.dispatchMouseEvent", { ...pen, ...event, buttons });
  await send({ type: "mouseMoved", ...first }, 0);
  await send({ type: "mousePressed", ...first }, 1);
  for (const place of between(places)) await send({ type: "mouseMoved", ...place }, 1);
  await send({ type: "mouseReleased", ...last }, 0);
  await client.detach();
}

/** Moves through the positions with a finger. */
export async function strokeByTouch(page: Page, places: readonly Place[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: Place[]) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints });
  const [first] = places;
  if (!first) return;
  await touch("touchStart", [first]);
  for (const place of between(places)) await touch("touchMove", [place]);
  await touch("touchEnd", []);
  await client.detach();
}

/** Intermediate positions, five for each given one. */
function between(places: readonly Place[]): Place[] {
  const steps = 5;
  return places.slice(1).flatMap((to, index) => {
    const from = places[index] ?? to;
    return Array.from({ length: steps }, (_, step) => {
      const share = (step + 1) / steps;
      return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
    });
  });
}
