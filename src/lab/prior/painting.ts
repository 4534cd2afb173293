import { batch, computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import type { Picture } from "../../data/picture.ts";
import { streams } from "../../math/streams.ts";
import { mse } from "../../metrics/mse.ts";
import { psnr } from "../../metrics/psnr.ts";
import { addNoise } from "../../reference/noise.ts";
import { askWithoutRun, sentenceOf } from "../run/worker-link.ts";
import { formatCount } from "../shared/format.ts";
import type { PriorEnd, PriorEvent, PriorPoint } from "./protocol.ts";

/** The side of the scene in pixels. */
const side = 128;

/** The standard deviation of its noise, where white is 255. */
export const sceneSigma = 25;

/** A noisy grey picture, and the same one without noise. */
interface Scene {
  readonly noisy: Picture;
  readonly clean: Picture;
}

/** Discs, edges and stripes, and the same with noise. They are made by code, because the page comes with no photographs. */
export function makeScene(): Scene {
  const size = { rows: side, columns: side, channels: 1 };
  const values = Float32Array.from({ length: side * side }, (_, place) =>
    shadeAt(place % side, Math.floor(place / side)),
  );
  const noise = { stages: [{ kind: "gaussian", setting: sceneSigma / 255 }], clip: true } as const;
  const key = { seed: 0, stream: streams.validationNoise, epoch: 0 };
  const noisy = Float32Array.from(addNoise(values, size, noise, key, 0));
  return { noisy: { ...size, values: noisy }, clean: { ...size, values } };
}

/** The shade of a pixel in [0, 1], `x` pixels from the left and `y` from the top. */
function shadeAt(x: number, y: number): number {
  const inside = (centreX: number, centreY: number, radius: number) =>
    Math.hypot(x - centreX, y - centreY) < radius;
  if (inside(44, 40, 12)) return 0.3;
  if (inside(44, 40, 26)) return 0.85;
  if (inside(94, 34, 15)) return 0.2 + 0.5 * ((x - 79) / 30);
  // A wall with stripes, and a tilted roof above it.
  if (y > 88) return x > 64 && x % 12 < 6 ? 0.25 : 0.7;
  if (y > 70 + 0.28 * Math.abs(x - 84)) return 0.15;
  return 0.4 + 0.2 * (y / side);
}

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

/** Starts to paint, or to paint again from the beginning. */
export async function startPainting(): Promise<void> {
  if (isPainting.value) return;
  const { noisy } = priorState.source.value;
  batch(() => {
    forgetPainting();
    priorState.phase.value = "painting";
  });
  const request = { picture: noisy, steps: mostSteps, toTheEnd: priorState.toTheEnd.value };
  try {
    const end = await askWithoutRun((connected) => connected.paintPicture(request, proxy(takePriorEvent)));
    // A Worker that was replaced does not paint any more.
    priorState.phase.value = end ?? "stopped";
  } catch (error) {
    batch(() => {
      priorState.phase.value = "failed";
      priorState.fault.value = sentenceOf(error);
    });
  }
}

/** Ends the painting after the submitted steps. */
export async function stopPainting(): Promise<void> {
  if (priorState.phase.value !== "painting") return;
  priorState.phase.value = "stopping";
  await askWithoutRun((connected) => connected.stopPainting());
}

/** Reads a picture file to paint; if it cannot be read, the previous picture stays. */
export async function usePicture(file: File): Promise<void> {
  if (isPainting.value) return;
  priorState.fault.value = undefined;
  try {
    const noisy = await askWithoutRun((connected) => connected.readSquare(file));
    if (!noisy || isPainting.value) return;
    batch(() => {
      forgetPainting();
      priorState.source.value = { name: file.name, noisy, clean: undefined };
    });
  } catch (error) {
    priorState.fault.value = sentenceOf(error);
  }
}

/** Paints the scene that the page makes, again. */
export function useScene(): void {
  if (isPainting.value) return;
  batch(() => {
    forgetPainting();
    priorState.source.value = { name: undefined, ...makeScene() };
  });
}

export function goToTheEnd(on: boolean): void {
  priorState.toTheEnd.value = on;
}
