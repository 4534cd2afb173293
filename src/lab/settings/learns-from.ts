import type { Draft } from "./draft.ts";
import { layerFormOf, usualLayers } from "./hyperparameters.ts";
import { chosenNoise, type NoiseDraft } from "./noise-draft.ts";
import { presetDraft } from "./presets.ts";
import { pick } from "./records.ts";

/** What a network learns from. */
export type LearnsFrom = "clean" | "noisy";

export const sources: readonly {
  readonly value: LearnsFrom;
  readonly title: string;
  readonly help: string;
}[] = [
  {
    value: "clean",
    title: "Clean pictures",
    help: "The network gets them with the noise below, and learns to remove it.",
  },
  {
    value: "noisy",
    title: "Noisy pictures alone",
    help: "No clean ones are needed: some pixels are hidden, and the network predicts them from those around them. The noise must differ from pixel to pixel and be 0 on average: clipped noise leaves black a little grey.",
  },
];

/** The images for which a source is chosen. */
export interface SourceImages {
  /** Whether they are the user's own. */
  readonly own: boolean;
  readonly rows: number;
  readonly columns: number;
}

export function learnsFrom({ selfSupervised }: Pick<Draft, "selfSupervised">): LearnsFrom {
  return selfSupervised ? "noisy" : "clean";
}

/** The changes of the draft when a source is chosen, so that the run can be used. */
export function chosenSource(draft: Draft, source: LearnsFrom, images: SourceImages): Partial<Draft> {
  if (source === "noisy") {
    return {
      ...(layerFormOf(draft.hidden) === "dense" && convolutional(draft, images)),
      ...{ selfSupervised: true, noiseMap: false },
      ...noiseInPictures(draft, images),
    };
  }
  return {
    ...{ selfSupervised: false, mask: "1x1" },
    ...(draft.selfSupervised && { fixedNoise: false }),
    ...someNoise(draft),
  };
}

/** The changes of the draft when a run gets other images, for its source. */
export function fittedSource(draft: Draft, images: Pick<SourceImages, "own">): Partial<Draft> {
  return draft.selfSupervised ? noiseInPictures(draft, images) : {};
}

/** The user's noisy pictures have their noise. Digits get it once, as a part of them. */
function noiseInPictures(draft: Draft, { own }: Pick<SourceImages, "own">): Partial<Draft> {
  return own
    ? { ...chosenNoise(draft, "none"), fixedNoise: false }
    : { ...someNoise(draft), fixedNoise: true };
}

/** The standard noise, if there is none. */
function someNoise(draft: Draft): Partial<NoiseDraft> {
  return draft.noiseChoice === "none" ? chosenNoise(draft, "gaussian") : {};
}

/** The convolutional preset, with layers that suit the images, for a draft of dense layers. */
function convolutional(draft: Draft, { rows, columns }: SourceImages): Draft {
  return {
    ...presetDraft("convolutional"),
    ...pick(draft, ["noise", "noiseChoice", "shift", "batch", "shuffle", "seed", "nodes"]),
    hidden: usualLayers("convolutions", [rows, columns]),
  };
}
