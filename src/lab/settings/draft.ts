import { spotAlone } from "../../spec/blind-spots.ts";
import { InputError } from "../../spec/input-error.ts";
import type { HiddenLayer } from "../../spec/layer-specs.ts";
import { areConvolutions } from "../../spec/layers.ts";
import { autoencoder, type NetworkSpec, networkLimits } from "../../spec/network.ts";
import type { NoiseSpec } from "../../spec/noise.ts";
import { keysOf, pick, recordOf, type SettingTable } from "../../spec/setting-kinds.ts";
import {
  defaultTraining,
  type FlatSettings,
  settings,
  type TrainingSpec,
  trainingLimits,
} from "../../spec/settings.ts";
import { checkTraining } from "../../spec/training.ts";
import { usesTwins } from "../images/summary.ts";
import {
  chosenOptimizer,
  layerFormOf,
  type NoiseDraft,
  noiseDraftOf,
  type OptimizerDraft,
  type OptimizerField,
  optimizerDraftOf,
  optimizerFields,
  optimizerWriters,
  readNoiseDraft,
} from "./draft-parts.ts";

/** The page's settings, without the optimizer's, and without Noise2Noise, which belongs to the images (see TwinsUse). */
export type PageSettings = Omit<FlatSettings, "optimizer" | "noise2noise">;

const { optimizer: _, noise2noise: __, ...onPage } = settings;
export const pageSettings: SettingTable<PageSettings> = onPage;

/** The settings of a type. */
type KeyOf<T> = { [K in keyof PageSettings]: PageSettings[K] extends T ? K : never }[keyof PageSettings];

/** Settings that are typed as a number. */
type NumberKey = KeyOf<number>;

/** Settings that are chosen from a list, so that they are always valid by themselves. */
type ChoiceKey = KeyOf<string | boolean>;

/** Settings that have their own draft. Each has a writer below; the schedule's is among the optimizer's. */
type OtherKey = Exclude<keyof PageSettings, NumberKey | ChoiceKey>;

/**
 * How measured noisy twins of the images are used: not at all, as the noisy pictures of clean ones, or as second shots of scenes of which
 * there is no clean picture (the setting `noise2noise`).
 */
export type TwinsUse = "none" | "pairs" | "shots";

/** The contents of the form: text stays as it was typed, so that nothing is lost if it cannot be used. */
export interface Draft
  extends NoiseDraft,
    OptimizerDraft,
    Pick<TrainingSpec, ChoiceKey>,
    Readonly<Record<NumberKey, string>> {
  readonly hidden: string;
  readonly mask: string;
  readonly twins: TwinsUse;
  /** The number of nodes for new layers around the code; it does not affect the run. */
  readonly nodes: string;
}

/** The settings that are typed. */
export type TextField = Exclude<Field, "output" | "source">;

/** The settings that can have errors: those that are typed, the output, which not every loss supports, and the source of the images. */
export type Field = WrittenField | "source";

/** The settings that are read one by one. */
type WrittenField = NumberKey | Exclude<OtherKey, "schedule"> | "output" | OptimizerField;

/** The result of reading a draft: the errors by field, or the settings if there are none. */
export interface Reading {
  readonly spec: TrainingSpec | undefined;
  readonly faults: ReadonlyMap<Field, string>;
}

/** The properties of the images on which settings depend. */
export interface ImagesSize {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Whether they have measured noisy twins; undefined if settings are read for any images. */
  readonly twins?: boolean | undefined;
}

/** Images with which every batch and every layer is valid, for settings that are read by themselves. */
export function anyImages({ hidden, block }: Pick<Draft, "hidden" | "block">): ImagesSize {
  // Any width is enough for a single pixel, and for convolutions a power of two of blocks, at most 1,024 pixels.
  const size = blockOf(block);
  const side = layerFormOf(hidden) === "dense" ? 1 : size * 2 ** Math.floor(Math.log2(1024 / size));
  return { count: trainingLimits.batch, rows: side, columns: side };
}

/** The training images of the digits with which the page opens. */
export const openingDigits: ImagesSize = { count: 8000, rows: 28, columns: 28 };

const numberKeys = keysOf(pageSettings).filter(isNumberKey);
const choiceKeys = keysOf(pageSettings).filter(isChoiceKey);

/** Choices that are not valid with every setting: the writers of `hidden` and `output` set them, so the error is at these fields. */
const writtenWithHidden = ["initialization", "centre", "noiseMap", "selfSupervised"] as const;
const written: readonly ChoiceKey[] = [...writtenWithHidden, "output", "loss"];

const freeChoices = choiceKeys.filter((key) => !written.includes(key));

/** The noise that a noise map is checked with. A text that cannot be read is an error at the field of the noise only. */
function noiseFor(draft: NoiseDraft): NoiseSpec {
  try {
    return readNoiseDraft(draft);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return defaultTraining.noise;
  }
}

/** The convolutions of a run, or any, for settings that are read by themselves. */
function convolutionsOf({ hidden }: Pick<TrainingSpec, "hidden">): readonly HiddenLayer[] {
  return areConvolutions(hidden) ? hidden : [{ kind: "conv", channels: 1, stride: 1 }];
}

/** The sides of a block; 1 while its field cannot be used. */
function blockOf(text: string): number {
  const block = Number(text);
  return Number.isInteger(block) && block >= 1 && block <= networkLimits.block ? block : 1;
}

/** Writes each field to a spec. */
const writers: { readonly [F in WrittenField]: (spec: TrainingSpec, draft: Draft) => TrainingSpec } = {
  ...recordOf(
    numberKeys.map((key) => [
      key,
      (spec: TrainingSpec, draft: Draft) => ({ ...spec, [key]: settings[key].parse(draft[key]) }),
    ]),
  ),
  noise: (spec, draft) => ({ ...spec, noise: readNoiseDraft(draft) }),
  hidden: (spec, draft) => ({
    ...spec,
    ...pick(draft, writtenWithHidden),
    hidden: settings.hidden.parse(draft.hidden),
    block: blockOf(draft.block),
    ...(draft.noiseMap && { noise: noiseFor(draft) }),
  }),
  block: (spec, draft) => ({
    ...spec,
    // An error of dense layers with blocks is at the field of the layers.
    hidden: blockOf(draft.block) === 1 ? spec.hidden : convolutionsOf(spec),
    block: settings.block.parse(draft.block),
  }),
  mask: (spec, { mask, selfSupervised }) =>
    // Without self-supervised training the field is not shown.
    selfSupervised
      ? { ...spec, selfSupervised, mask: settings.mask.parse(mask), hidden: convolutionsOf(spec) }
      : { ...spec, mask: spotAlone },
  output: (spec, { output, loss }) => ({ ...spec, output, loss }),
  ...optimizerWriters,
};

/** The initial number of nodes of layers around the code. */
const standardNodes = "512";

/** The draft of `spec`, for images with or without measured noisy twins. */
export function draftOf(spec: TrainingSpec, twins = false): Draft {
  return {
    ...recordOf(numberKeys.map((key) => [key, settings[key].format(spec[key])])),
    ...pick(spec, choiceKeys),
    ...noiseDraftOf(spec.noise),
    ...optimizerDraftOf(spec),
    hidden: settings.hidden.format(spec.hidden).replaceAll(",", ", "),
    mask: settings.mask.format(spec.mask),
    twins: spec.noise2noise ? "shots" : twins && usesTwins(spec) ? "pairs" : "none",
    nodes: standardNodes,
  };
}

/** Reads each used field by itself, so that each has its own error. */
export function readDraft(draft: Draft, images: ImagesSize): Reading {
  const chosen = { ...defaultTraining, ...chosenOptimizer(draft) };
  let spec: TrainingSpec = {
    ...{ ...chosen, ...pick(draft, freeChoices) },
    noise2noise: draft.twins === "shots",
  };
  const faults = new Map<Field, string>();
  // The other settings while one is checked: with few images, the default batch would be an error for every field.
  const others = { ...chosen, batch: Math.min(defaultTraining.batch, images.count) };
  for (const field of [
    "noise",
    "hidden",
    "mask",
    "output",
    ...numberKeys,
    ...optimizerFields(draft),
  ] as const) {
    try {
      checkTraining(writers[field](others, draft), images);
      spec = writers[field](spec, draft);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.set(field, error.message);
    }
  }
  const fault = sourceFault(draft, spec, images);
  if (fault !== undefined) faults.set("source", fault);
  return { spec: faults.size === 0 ? spec : undefined, faults };
}

/** Why the images do not suit what the network is to learn from; undefined if they do. */
function sourceFault({ twins: use }: Draft, spec: TrainingSpec, { twins }: ImagesSize): string | undefined {
  if (twins === undefined) return undefined;
  if (use === "pairs" && !twins)
    return 'Pairs are images of your own: choose the clean ones at "Your own images", and then their noisy twins.';
  if (use === "shots" && !twins)
    return 'Two shots are images of your own: choose the first ones at "Your own images", and then the second ones.';
  if (use === "none" && twins && usesTwins(spec))
    return "These images have noisy twins: choose pairs or two shots to learn from them, or a noise for the first ones.";
  return undefined;
}

/** The network that the draft describes, whether or not its other settings are valid; undefined if it describes none. */
export function networkOf(draft: Draft, image: readonly [number, number]): NetworkSpec | undefined {
  try {
    const { output, noiseMap } = draft;
    const block = blockOf(draft.block);
    return autoencoder(image, settings.hidden.parse(draft.hidden), { output, noiseMap, block });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** Whether two runs have the same settings. */
export function sameSpec(a: TrainingSpec, b: TrainingSpec): boolean {
  return JSON.stringify(draftOf(a)) === JSON.stringify(draftOf(b));
}

function isNumberKey(key: keyof PageSettings): key is NumberKey {
  return pageSettings[key].kind === "integer" || pageSettings[key].kind === "number";
}

function isChoiceKey(key: keyof PageSettings): key is ChoiceKey {
  return pageSettings[key].kind === "name" || pageSettings[key].kind === "flag";
}
