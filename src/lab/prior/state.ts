import { batch, computed, signal } from "@preact/signals";
import type { Picture } from "../../data/picture.ts";
import { mse } from "../../metrics/mse.ts";
import { psnr } from "../../metrics/psnr.ts";
import { formatCount } from "../shared/format.ts";
import type { PriorEnd, PriorEvent, PriorPoint } from "./protocol.ts";
import { makeScene } from "./scene.ts";

/** The most training steps. */
export const mostSteps = 2000;

/** A picture to paint. */
interface PriorSource {
  /** The file's name; undefined for the scene that the page makes. */
  readonly name: string | undefined;
  readonly noisy: Picture;
  /** Undefined if it is not known. */
  readonly clean: Picture | undefined;
}

/** A picture that was painted. */
export interface Painting {
  readonly step: number;
  readonly picture: Picture;
}

/** What is done: nothing yet, a painting, or it has ended. */
type PriorPhase = "idle" | "painting" | "stopping" | PriorEnd | "failed";

/** The state of Deep Image Prior. */
export const priorState = {
  source: signal<PriorSource>({ name: undefined, ...makeScene() }),

  /** Whether the next painting goes on to the last step. */
  toTheEnd: signal(false),

  phase: signal<PriorPhase>("idle"),

  /** The errors of the held-out pixels so far. */
  points: signal<readonly PriorPoint[]>([]),

  /** What the network paints now. */
  painted: signal<Painting | undefined>(undefined),

  /** The painting with the least error so far. */
  clearest: signal<Painting | undefined>(undefined),

  /** Why a picture cannot be read or painted: one sentence. */
  fault: signal<string | undefined>(undefined),
};

/** Whether a network paints. */
export const isPainting = computed(() => ["painting", "stopping"].includes(priorState.phase.value));

/** The first point with the least error. */
export const bestPoint = computed(() =>
  priorState.points.value.reduce<PriorPoint | undefined>(
    (best, point) => (best && best.heldOut <= point.heldOut ? best : point),
    undefined,
  ),
);

/** Why the painting has ended: one sentence; undefined if it has not. */
export const endWords = computed(() => {
  const last = priorState.points.value.at(-1)?.step ?? 0;
  switch (priorState.phase.value) {
    case "noBetter":
      return `The error of the held-out pixels has not fallen for ${last - (bestPoint.value?.step ?? 0)} steps.`;
    case "lastStep":
      return `All ${formatCount(last)} steps are done.`;
    case "stopped":
      return last === 0 ? "Stopped." : `Stopped after ${formatCount(last)} steps.`;
    default:
      return undefined;
  }
});

/** The PSNR of a picture to the clean one in dB; undefined if that is not known. */
export function psnrToClean(picture: Picture): number | undefined {
  const { value: source } = priorState.source;
  return source.clean && psnr(mse(picture.values, source.clean.values));
}

/** Drops what was painted. */
export function forgetPainting(): void {
  batch(() => {
    priorState.phase.value = "idle";
    priorState.points.value = [];
    priorState.painted.value = undefined;
    priorState.clearest.value = undefined;
    priorState.fault.value = undefined;
  });
}

/** Adds what the Worker has sent. */
export function takePriorEvent({ points, painted, clearest }: PriorEvent): void {
  batch(() => {
    priorState.points.value = [...priorState.points.value, ...points];
    const last = points.at(-1)?.step;
    if (last !== undefined) priorState.painted.value = { step: last, picture: painted };
    const best = bestPoint.value?.step;
    if (clearest && best !== undefined) priorState.clearest.value = { step: best, picture: clearest };
  });
}
