import { deepImagePrior, type PriorLook, priorMultiple } from "../../alone/deep-image-prior.ts";
import type { Picture } from "../../data/picture.ts";
import type { Engine } from "../../engine/engine.ts";
import { InputError } from "../../spec/input-error.ts";
import { patchLimits } from "../../spec/patch.ts";
import { RunTurn, Turns, type WithRun } from "../../training/turns.ts";
import type { PriorEnd, PriorListener, PriorPoint, PriorRequest } from "../prior/protocol.ts";
import { RgbaPicture, readPicture } from "./rgba-picture.ts";

/** The least side of a picture in pixels: smaller ones have too few pixels that are held out. */
const leastSide = 32;

/** Milliseconds of training until the page's run may train again. */
const longestTurn = 200;

/** Milliseconds from one event to the next. */
const eventInterval = 100;

/** Reads a picture file as PriorService.readSquare does. */
export async function readSquare(file: File): Promise<Picture> {
  const picture = new RgbaPicture(await readPicture(file, 0));
  const { rows, columns, channels } = picture;
  const most = Math.min(rows, columns, patchLimits.side);
  if (most < leastSide) {
    throw new InputError(
      `${file.name} has ${columns} x ${rows} pixels, too few to paint: at least ${leastSide} x ${leastSide} are needed.`,
    );
  }
  const side = most - (most % priorMultiple);
  const [top, left] = [(rows - side) >> 1, (columns - side) >> 1];
  const values = picture.read({ top, bottom: top + side, left, right: left + side });
  return { rows: side, columns: side, channels, values };
}

/** What is needed to paint. */
export interface PriorTools {
  readonly engine: () => Promise<Engine>;
  readonly withRun: WithRun;
}

/** Deep Image Prior on the Worker's engine, one picture at a time. */
export class PriorWork {
  readonly #tools: PriorTools;
  readonly #turns = new Turns();
  #stopping = new AbortController();

  constructor(tools: PriorTools) {
    this.#tools = tools;
  }

  /** Paints a picture as PriorService.paintPicture does. */
  paint(request: PriorRequest, listener: PriorListener): Promise<PriorEnd> {
    this.stop();
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    return this.#turns.take(() => this.#paint(request, listener, signal));
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #paint(
    { picture, steps, toTheEnd }: PriorRequest,
    listener: PriorListener,
    signal: AbortSignal,
  ): Promise<PriorEnd> {
    const engine = await this.#tools.engine();
    if (signal.aborted) return "stopped";
    const looks = deepImagePrior(engine, picture, { steps, toTheEnd, signal });
    const turn = new RunTurn(this.#tools.withRun);
    const events = new Events(listener);
    try {
      for (let done = false; !done; ) {
        await turn.take();
        const end = performance.now() + longestTurn;
        do {
          const look = await looks.next();
          if (look.done) done = true;
          else events.add(look.value);
        } while (!done && performance.now() < end);
        turn.release();
      }
    } finally {
      await looks.return();
      turn.release();
    }
    await events.end();
    if (events.lastStep >= steps) return "lastStep";
    return signal.aborted ? "stopped" : "noBetter";
  }
}

/** Sends looks in events. They are copied, because the next look is computed from the last one's picture. */
class Events {
  readonly #listener: PriorListener;
  readonly #handled: (void | Promise<void>)[] = [];
  #points: PriorPoint[] = [];
  #painted: Picture | undefined;
  #clearest: Picture | undefined;
  #sent = Number.NEGATIVE_INFINITY;
  #lastStep = 0;

  constructor(listener: PriorListener) {
    this.#listener = listener;
  }

  /** The step of the last look, 0 if there was none. */
  get lastStep(): number {
    return this.#lastStep;
  }

  add({ step, picture, heldOut, isBest }: PriorLook): void {
    this.#points.push({ step, heldOut });
    this.#lastStep = step;
    this.#painted = picture;
    if (isBest) this.#clearest = picture;
    if (performance.now() - this.#sent >= eventInterval) this.#send();
  }

  /** Sends what was not sent, and resolves when the page has handled all events: they and the result arrive by different ports. */
  async end(): Promise<void> {
    this.#send();
    await Promise.all(this.#handled);
  }

  #send(): void {
    if (!this.#painted) return;
    const event = { points: this.#points, painted: this.#painted, clearest: this.#clearest };
    this.#handled.push(this.#listener(event));
    this.#points = [];
    this.#painted = undefined;
    this.#clearest = undefined;
    this.#sent = performance.now();
  }
}
