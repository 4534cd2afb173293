import { type Draft, networkOf } from "./draft.ts";
import { layerFormOf, usualLayers } from "./hyperparameters.ts";
import { chosenNoise, type NoiseDraft } from "./noise-draft.ts";
import { type PresetName, presetDraft } from "./presets.ts";
import { pick } from "./records.ts";

/** What a network learns from. */
export type LearnsFrom = "clean" | "pairs" | "shots" | "noisy";

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
    value: "pairs",
    title: "Pairs",
    help: "Clean pictures of your own, and of each a noisy twin that was measured: no noise is added.",
  },
  {
    value: "shots",
    title: "Two noisy shots",
    help: "Two noisy pictures of your own of each scene, in turn the input and the target: no clean ones are needed. The noise of the two must be independent, and 0 on average.",
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

export function learnsFrom({ selfSupervised, twins }: Pick<Draft, "selfSupervised" | "twins">): LearnsFrom {
  if (selfSupervised) return "noisy";
  return twins === "none" ? "clean" : twins;
}

/** The changes of the draft when a source is chosen, so that the run can be used. */
export function chosenSource(draft: Draft, source: LearnsFrom, images: SourceImages): Partial<Draft> {
  if (source === "noisy") {
    return {
      ...(layerFormOf(draft.hidden) === "dense" && convolutional(draft, images)),
      ...{ selfSupervised: true, noiseMap: false, twins: "none" },
      ...noiseInPictures(draft, images),
    };
  }
  if (source !== "clean") {
    return {
      ...{ selfSupervised: false, mask: "1x1", noiseMap: false, fixedNoise: false, twins: source },
      ...chosenNoise(draft, "none"),
    };
  }
  return {
    ...{ selfSupervised: false, mask: "1x1", twins: "none" },
    ...(draft.selfSupervised && { fixedNoise: false }),
    ...someNoise(draft),
  };
}

/** The changes of the draft when a run gets other images, for its source. */
export function fittedSource(draft: Draft, images: SourceImages): Partial<Draft> {
  if (draft.twins !== "none") return images.own ? {} : chosenSource(draft, "clean", images);
  if (!draft.selfSupervised) return {};
  const { rows, columns } = images;
  // The usual layers for other images may need sides that these do not have.
  const hidden = networkOf(draft, [rows, columns])
    ? draft.hidden
    : usualLayers("convolutions", [rows, columns]);
  return { hidden, ...noiseInPictures(draft, images) };
}

/**
 * The draft of a preset, which keeps what the network learns from. Dense layers cannot learn from noisy pictures alone, so a preset with them
 * returns to clean pictures.
 */
export function presetFor(name: PresetName, draft: Draft, images: SourceImages): Draft {
  const preset = presetDraft(name);
  const source = learnsFrom(draft);
  if (source === "clean" || (source === "noisy" && layerFormOf(preset.hidden) === "dense")) return preset;
  return { ...preset, ...chosenSource(preset, source, images), mask: draft.mask };
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
