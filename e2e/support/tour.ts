import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { dropFiles, type NamedFile } from "./file-drops.ts";
import { type Engine, expect, type Lab, test } from "./page.ts";
import { shapeFiles } from "./shapes.ts";
import { type Place, strokeByMouse, strokeByTouch } from "./strokes.ts";

/** Where a test of the tour is done: at which size, by which hand, and what computes. */
interface Stop {
  readonly device: "desktop" | "phone";
  readonly engine: Engine;
}

/** By mouse, with WebGPU. */
export const desktop: Stop = { device: "desktop", engine: "gpu" };

/** By touch, on the CPU. */
export const phone: Stop = { device: "phone", engine: "cpu" };

const devices = {
  desktop: { viewport: { width: 1400, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

/** A run that takes a second on the shapes. */
export const quickRun = "hidden=24&batch=8&epochs=6&optimizer=adam&lr=0.01";

/** A person at the page: clicks, or taps where there is no mouse. */
export class Visitor {
  readonly lab: Lab;
  readonly stop: Stop;

  constructor(lab: Lab, stop: Stop) {
    this.lab = lab;
    this.stop = stop;
  }

  get page(): Page {
    return this.lab.page;
  }

  get byTouch(): boolean {
    return this.stop.device === "phone";
  }

  /** Clicks, or taps. */
  async press(place: Locator): Promise<void> {
    if (this.byTouch) await place.tap();
    else await place.click();
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  card(title: string): Locator {
    return this.page.getByRole("region", { name: title, exact: true });
  }

  /** Opens a group of settings, which are closed on a phone at first. */
  async openSettings(title: string): Promise<void> {
    const heading = this.page.getByRole("heading", { name: title, exact: true });
    const group = this.page.locator("details", { has: heading });
    if ((await group.getAttribute("open")) === null) await this.press(group.locator("summary"));
  }

  /** Gives the page files: drops them, or chooses them where nothing can be dropped. */
  async give(files: readonly NamedFile[]): Promise<void> {
    if (!this.byTouch) return dropFiles(this.page, files);
    await this.openSettings("Data and noise");
    await this.page.getByLabel("Your own images").setInputFiles([...files]);
  }

  /** Opens the page and puts the run on a hundred small shapes. */
  async openWithShapes(settings = quickRun): Promise<void> {
    await this.lab.open(settings);
    await this.give(shapeFiles());
    await expect(this.button("Use them")).toBeVisible();
    await this.expectNoOverflow();
    await this.press(this.button("Use them"));
    await expect(this.page.getByRole("heading", { name: "Images it has never seen" })).toBeVisible();
    await this.lab.ready();
  }

  /** Trains the run to its end. */
  async train(): Promise<void> {
    await this.press(this.button("Train"));
    await this.lab.finished();
  }

  /** Goes from place to place with the mouse, or with a finger. */
  async drag(places: readonly Place[]): Promise<void> {
    if (this.byTouch) await strokeByTouch(this.page, places);
    else await strokeByMouse(this.page, places);
  }

  /** Where a part of the page lies in the window, once it is in view and stands still. */
  async boxOf(part: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
    await part.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
    let before = "";
    await expect
      .poll(async () => {
        const [earlier, box] = [before, JSON.stringify(await part.boundingBox())];
        before = box;
        return box === earlier;
      })
      .toBe(true);
    const box = await part.boundingBox();
    if (!box) throw new Error("That part of the page is not to be seen.");
    return box;
  }

  /** Presses what downloads a file, and reads the file. */
  async download(place: Locator): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    // A button that waits for a picture says so, and does nothing.
    await expect(place).not.toHaveAttribute("aria-disabled", "true");
    const pressed = async () => {
      const [download] = await Promise.all([
        this.page.waitForEvent("download", { timeout: 8000 }),
        this.press(place),
      ]);
      return download;
    };
    // The first tap after a scroll may end it, and press nothing.
    const download = await pressed().catch(pressed);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** Nothing of the page has to be scrolled to sideways. */
  async expectNoOverflow(): Promise<void> {
    const overflow = () => this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
  }
}

/** A test of the tour, done at each of the stops. */
export function tour(
  title: string,
  stops: readonly Stop[],
  walk: (visitor: Visitor, lab: Lab) => Promise<void>,
): void {
  for (const stop of stops) {
    test.describe(`${stop.device}, ${stop.engine}`, () => {
      test.use({ ...devices[stop.device], engine: stop.engine });
      test(title, async ({ lab }) => {
        const visitor = new Visitor(lab, stop);
        await walk(visitor, lab);
        await visitor.expectNoOverflow();
      });
    });
  }
}

/** What canvases show, as data addresses. */
export function drawnOn(canvases: Locator): Promise<string[]> {
  return canvases.evaluateAll((found) => found.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
}
