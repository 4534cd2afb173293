import { batch } from "@preact/signals";
import { proxy } from "comlink";
import { sentenceOf } from "../run/failures.ts";
import { askWithoutRun } from "../run/worker-link.ts";
import { makeScene } from "./scene.ts";
import { forgetPainting, isPainting, mostSteps, priorState, takePriorEvent } from "./state.ts";

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
