import { computed, signal } from "@preact/signals";
import { defaultTraining, type TrainingSpec } from "../../spec/settings.ts";
import type { ImagesSummary } from "../images/summary.ts";
import { runImages, runSpec } from "../run/state.ts";
import {
  anyImages,
  type Draft,
  draftOf,
  type ImagesSize,
  type Reading,
  readDraft,
  sameSpec,
} from "./draft.ts";

/** The state of the form with the settings. */
export const settingsState = {
  /** The form's contents, valid or not. */
  draft: signal<Draft>(draftOf(defaultTraining)),

  /** Why files or settings could not be used, although each setting by itself is valid. */
  refusal: signal<string | undefined>(undefined),

  /** The draft that was read from the address. The address is rewritten only when the settings change. */
  addressDraft: signal<Draft | undefined>(undefined),

  /** Which settings in the address cannot be used: one sentence, until the address follows the form again. */
  addressFault: signal<string | undefined>(undefined),

  /** Whether a link to the settings was copied: one sentence, until the settings change. */
  linkStatus: signal<string | undefined>(undefined),
};

/** The properties of these images on which settings depend. */
export function imagesSize(images: ImagesSummary | undefined): ImagesSize | undefined {
  return images && { ...images, count: images.trainingImages, twins: images.twins !== undefined };
}

/** The draft's settings for a run with these images, or their errors. */
export function readingFor(images: ImagesSummary | undefined): Reading {
  const draft = settingsState.draft.value;
  return readDraft(draft, imagesSize(images) ?? anyImages(draft));
}

/** The draft's settings for another run with the same images. */
export const reading = computed(() => readingFor(runImages.value));

/** Whether the form differs from the run, so that only a new run will use it. */
export const changed = computed(() => {
  const { spec } = reading.value;
  const { value: current } = runSpec;
  return current !== undefined && (spec === undefined || !sameSpec(spec, current));
});

/** Copies the settings of a run on these images to the form. */
export function fillForm(spec: TrainingSpec, images: ImagesSummary): void {
  settingsState.draft.value = draftOf(spec, images.twins !== undefined);
}

/** Sets why files or settings could not be used; undefined if they can be used. */
export function refuse(sentence: string | undefined): void {
  settingsState.refusal.value = sentence;
}
