import { InputError } from "../../spec/input-error.ts";
import { autoencoder, type NetworkSpec } from "../../spec/network.ts";
import { keysOf, type SettingTable } from "../../spec/setting-kinds.ts";
import {
  defaultTraining,
  type FlatSettings,
  settings,
  type TrainingSpec,
  trainingLimits,
} from "../../spec/settings.ts";
import { checkTraining } from "../../spec/training.ts";
import { type NoiseDraft, noiseDraftOf, readNoiseDraft } from "./noise-draft.ts";
import {
  chosenOptimizer,
  type OptimizerDraft,
  type OptimizerField,
  optimizerDraftOf,
  optimizerFields,
  optimizerWriters,
} from "./optimizer-draft.ts";
import { pick, recordOf } from "./records.ts";

/** The settings that the page has, the optimizer's aside. */
export type PageSettings = Omit<FlatSettings, "optimizer" | "noise2noise">;

const { optimizer: _, noise2noise: __, ...onPage } = settings;
export const pageSettings: SettingTable<PageSettings> = onPage;

/** The settings of a type. */
type KeyOf<T> = { [K in keyof PageSettings]: PageSettings[K] extends T ? K : never }[keyof PageSettings];

/** Settings that are typed as a number. */
type NumberKey = KeyOf<number>;

/** Settings that are chosen, so that they are never at fault by themselves. */
type ChoiceKey = KeyOf<string | boolean>;

/** Settings with a draft of their own. Each has a writer below; the schedule's is among the optimizer's. */
type OtherKey = Exclude<keyof PageSettings, NumberKey | ChoiceKey>;

/** The settings as they stand in the form: text stays as it was typed, so that nothing is lost when it cannot be used. */
export interface Draft
  extends NoiseDraft,
    OptimizerDraft,
    Pick<TrainingSpec, ChoiceKey>,
    Readonly<Record<NumberKey, string>> {
  readonly hidden: string;
  /** Nodes that the layers around the code get where there are none yet; of no matter for the run. */
  readonly nodes: string;
}

/** The settings that are typed. */
export type TextField = Exclude<Field, "output">;

/** The settings that can be at fault: those that are typed, and the output, which not every loss goes with. */
export type Field = NumberKey | Exclude<OtherKey, "schedule"> | "output" | OptimizerField;

/** A draft read: what is wrong with which field, or the settings if nothing is. */
export interface Reading {
  readonly spec: TrainingSpec | undefined;
  readonly faults: ReadonlyMap<Field, string>;
}

/** Of the images, what settings depend on. */
export interface ImagesSize {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/** Images that are at fault with no batch and no width of layers, for settings that are read by themselves. */
export const anyImages: ImagesSize = { count: trainingLimits.batch, rows: 1, columns: 1 };

/** The digits that the page opens with: those that it trains on. */
export const openingDigits: ImagesSize = { count: 8000, rows: 28, columns: 28 };

const numberKeys = keysOf(pageSettings).filter(isNumberKey);
const choiceKeys = keysOf(pageSettings).filter(isChoiceKey);

/**
 * Choices that do not go with every setting. The writers of `hidden` and `output` set them: these fields are then at fault.
 */
const written: readonly ChoiceKey[] = ["initialization", "output", "loss"];

const freeChoices = choiceKeys.filter((key) => !written.includes(key));

/** What each field makes of a spec. */
const writers: { readonly [F in Field]: (spec: TrainingSpec, draft: Draft) => TrainingSpec } = {
  ...recordOf(
    numberKeys.map((key) => [
      key,
      (spec: TrainingSpec, draft: Draft) => ({ ...spec, [key]: settings[key].parse(draft[key]) }),
    ]),
  ),
  noise: (spec, draft) => ({ ...spec, noise: readNoiseDraft(draft) }),
  hidden: (spec, { hidden, initialization }) => ({
    ...spec,
    hidden: settings.hidden.parse(hidden),
    initialization,
  }),
  output: (spec, { output, loss }) => ({ ...spec, output, loss }),
  ...optimizerWriters,
};

/** The initial number of nodes of layers around the code. */
const standardNodes = "512";

/** The draft that reads as `spec`. */
export function draftOf(spec: TrainingSpec): Draft {
  return {
    ...recordOf(numberKeys.map((key) => [key, settings[key].format(spec[key])])),
    ...pick(spec, choiceKeys),
    ...noiseDraftOf(spec.noise),
    ...optimizerDraftOf(spec),
    hidden: settings.hidden.format(spec.hidden).replaceAll(",", ", "),
    nodes: standardNodes,
  };
}

/** Reads every field that counts by itself, so that each bears its own fault. */
export function readDraft(draft: Draft, images: ImagesSize): Reading {
  const chosen = { ...defaultTraining, ...chosenOptimizer(draft) };
  let spec: TrainingSpec = { ...chosen, ...pick(draft, freeChoices) };
  const faults = new Map<Field, string>();
  // What the others are while one is checked: where images are few, the default batch would be at fault for all.
  const others = { ...chosen, batch: Math.min(defaultTraining.batch, images.count) };
  for (const field of ["noise", "hidden", "output", ...numberKeys, ...optimizerFields(draft)] as const) {
    try {
      checkTraining(writers[field](others, draft), images);
      spec = writers[field](spec, draft);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.set(field, error.message);
    }
  }
  return { spec: faults.size === 0 ? spec : undefined, faults };
}

/** The network that the draft describes, whatever is wrong with the rest of it; undefined where there can be none. */
export function networkOf(draft: Draft, image: readonly [number, number]): NetworkSpec | undefined {
  try {
    return autoencoder(image, settings.hidden.parse(draft.hidden), { output: draft.output });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** Whether two runs would be the same. */
export function sameSpec(a: TrainingSpec, b: TrainingSpec): boolean {
  return JSON.stringify(draftOf(a)) === JSON.stringify(draftOf(b));
}

function isNumberKey(key: keyof PageSettings): key is NumberKey {
  return pageSettings[key].kind === "integer" || pageSettings[key].kind === "number";
}

function isChoiceKey(key: keyof PageSettings): key is ChoiceKey {
  return pageSettings[key].kind === "name" || pageSettings[key].kind === "flag";
}
