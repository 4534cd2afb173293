import { parseLayers } from "../../spec/layer-text.ts";
import { denseLayers } from "../../spec/layers.ts";
import { adadeltaPresets, defaultAdam } from "../../spec/optimizer.ts";
import { pick } from "../../spec/setting-kinds.ts";
import { defaultTraining, type TrainingSpec } from "../../spec/settings.ts";
import { anyImages, type Draft, draftOf, networkOf, readDraft, sameSpec } from "./draft.ts";
import { chosenNoise, type LayerForm, layerFormOf, type NoiseDraft } from "./draft-parts.ts";

/** A run with preset settings. */
export interface Preset {
  readonly title: string;
  /** One line: what it is, and its result on the digits. */
  readonly help: string;
  /** The differences from the default run. */
  readonly changes: Partial<TrainingSpec>;
}

const falling = { optimizer: defaultAdam, schedule: { kind: "cosine" } } as const;

/** The figures are for the digits with seed 0; docs/results.md has them and the commands. */
export const presets = {
  notebook: {
    title: "Notebook",
    help: "784-32-784, as in the well-known notebook: 15.8 dB after 100 epochs. The page's default.",
    changes: {},
  },
  article: {
    title: "Article",
    help: "The same with a code of 64, as in the article's text: 16.2 dB.",
    changes: { hidden: denseLayers(64) },
  },
  fast: {
    title: "Fast",
    help: "256 nodes and Adam: most digits show after 2 epochs; 5 epochs match the notebook's 100, and 20 reach 17.5 dB.",
    changes: { hidden: denseLayers(256), epochs: 20, ...falling },
  },
  deep: {
    title: "Deep",
    help: "Three hidden layers with He initialization, and Adam: 17.8 dB after 20 epochs.",
    changes: { hidden: denseLayers(512, 128, 512), initialization: "he", epochs: 20, ...falling },
  },
  convolutional: {
    title: "Convolutional",
    help: "Convolutions as in TensorFlow's tutorial on autoencoders, He initialization and Adam: only 3,217 weights, and 17.6 dB after 20 epochs.",
    changes: {
      hidden: parseLayers("conv:16/2,conv:8/2,up:8,up:16"),
      ...{ initialization: "he", epochs: 20, ...falling },
    },
  },
  photo: {
    title: "Photo",
    help: "For pictures of your own: seven convolutions of 32 channels predict noise of 25 of 255 grey levels. Digits reach 30.4 dB in the first of 10 epochs, from 20.2 dB with noise.",
    changes: {
      ...{ hidden: parseLayers("conv:32x7"), output: "residual", loss: "mse", initialization: "he" },
      noise: { stages: [{ kind: "gaussian", setting: 0.0980392157 }], clip: false },
      ...{ epochs: 10, batch: 16, ...falling },
    },
  },
  unet: {
    title: "U-Net",
    help: "A small U-Net of 81,217 weights, He initialization and Adam: 18.1 dB after the first epoch and 20.4 dB after 40, the best here.",
    changes: {
      ...{ hidden: parseLayers("unet:16"), initialization: "he", epochs: 40 },
      ...{ optimizer: { ...defaultAdam, lr: 0.002 }, schedule: { kind: "cosine" } },
    },
  },
  wide: {
    title: "Wide",
    help: "1,024 nodes, Adam and a long training: 19.5 dB after 100 epochs, the best of the dense layers, and well above every filter tried.",
    changes: { hidden: denseLayers(1024), ...falling },
  },
  blind: {
    title: "Blind",
    help: "Each digit has its own noise strength, from 0.1 to 0.6, mostly weak, and Adam: at most 0.25 dB behind five networks trained for one strength each.",
    changes: { noise: { stages: [{ kind: "gaussian", setting: [0.1, 0.6, -2] }], clip: true }, ...falling },
  },
  keras3: {
    title: "Keras 3",
    help: "Learning rate 0.001, and why it fails: Adadelta's first steps are at most 0.0014, this rate makes them a thousand times smaller, and after 100 epochs almost nothing is learned.",
    changes: { optimizer: adadeltaPresets.keras3 },
  },
  "squared-error": {
    title: "Squared error",
    help: "The notebook's run with the mean squared error as its loss, which is what PSNR measures.",
    changes: { loss: "mse" },
  },
} as const satisfies Record<string, Preset>;

type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as PresetName[];

/** The complete run of a preset. */
function presetSpec(name: PresetName): TrainingSpec {
  return { ...defaultTraining, ...presets[name].changes };
}

/** The preset that equals the draft, for any images and, without clean ones, any noise; undefined if there is none. */
export function presetOf(draft: Draft): PresetName | undefined {
  const { spec } = readDraft(draft, anyImages(draft));
  if (!spec) return undefined;
  const keepsSource = draft.selfSupervised || draft.twins !== "none";
  const source = keepsSource
    ? pick(spec, ["noise", "fixedNoise", "selfSupervised", "mask", "noise2noise"])
    : undefined;
  return presetNames.find((name) => sameSpec(spec, { ...presetSpec(name), ...source }));
}

/** The draft of a preset. */
export function presetDraft(name: PresetName): Draft {
  return draftOf(presetSpec(name));
}

/** The hidden layers to begin with: those of TensorFlow's tutorial on autoencoders, if the sides of the images can be halved twice. */
export function usualLayers(form: LayerForm, image: readonly [number, number]): string {
  if (form === "dense") return "32";
  return image.every((side) => side % 4 === 0) ? "conv:16/2, conv:8/2, up:8, up:16" : "conv:16x4";
}

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
