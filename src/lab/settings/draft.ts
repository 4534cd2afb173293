import { InputError } from "../../spec/input-error.ts";
import { formatLayers, type HiddenLayer, parseLayers } from "../../spec/layers.ts";
import { autoencoder, type NetworkSpec, type OutputName } from "../../spec/network.ts";
import {
  checkTraining,
  defaultTraining,
  type InitializationName,
  type LossName,
  type TrainingSpec,
  trainingLimits,
} from "../../spec/training.ts";
import { widthWords } from "./hyperparameters.ts";
import { type NoiseDraft, noiseDraftOf, readNoiseDraft } from "./noise-draft.ts";
import {
  chosenOptimizer,
  type OptimizerDraft,
  type OptimizerField,
  optimizerDraftOf,
  optimizerFields,
  optimizerWriters,
} from "./optimizer-draft.ts";
import { readNumber } from "./read-number.ts";

/** The settings as they stand in the form: text stays as it was typed, so that nothing is lost when it cannot be used. */
export interface Draft extends NoiseDraft, OptimizerDraft {
  readonly shift: string;
  readonly fixedNoise: boolean;
  readonly hidden: string;
  /** Nodes that the layers around the code get where there are none yet; of no matter for the run. */
  readonly nodes: string;
  readonly output: OutputName;
  readonly initialization: InitializationName;
  readonly centre: boolean;
  readonly loss: LossName;
  readonly epochs: string;
  readonly batch: string;
  readonly shuffle: boolean;
  readonly seed: string;
}

/** The settings that are typed. */
export type TextField = Exclude<Field, "output">;

/** The settings that can be at fault: those that are typed, and the output, which not every loss goes with. */
export type Field = (typeof plainFields)[number] | OptimizerField;

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

/** The fields that always count. */
const plainFields = ["noise", "shift", "hidden", "output", "epochs", "batch", "seed"] as const;

/** One line a field: what it makes of a spec. */
const writers: { readonly [F in Field]: (spec: TrainingSpec, draft: Draft) => TrainingSpec } = {
  noise: (spec, draft) => ({ ...spec, noise: readNoiseDraft(draft) }),
  shift: (spec, { shift }) => ({ ...spec, shift: readNumber("The shift", shift) }),
  // How wide layers must be, the initialization says.
  hidden: (spec, { hidden, initialization }) => ({ ...spec, hidden: readLayers(hidden), initialization }),
  output: (spec, { output, loss }) => ({ ...spec, output, loss }),
  epochs: (spec, { epochs }) => ({ ...spec, epochs: readNumber("The number of epochs", epochs) }),
  batch: (spec, { batch }) => ({ ...spec, batch: readNumber("The batch", batch) }),
  seed: (spec, { seed }) => ({ ...spec, seed: readNumber("The seed", seed) }),
  ...optimizerWriters,
};

/** The nodes of layers around the code, to begin with. */
const standardNodes = "512";

/** The draft that reads as `spec`. */
export function draftOf(spec: TrainingSpec): Draft {
  const { fixedNoise, output, initialization, centre, loss, shuffle } = spec;
  return {
    ...noiseDraftOf(spec.noise),
    ...optimizerDraftOf(spec),
    shift: String(spec.shift),
    fixedNoise,
    hidden: formatLayers(spec.hidden).replaceAll(",", ", "),
    nodes: standardNodes,
    output,
    initialization,
    centre,
    loss,
    epochs: String(spec.epochs),
    batch: String(spec.batch),
    shuffle,
    seed: String(spec.seed),
  };
}

/** Reads every field that counts by itself, so that each bears its own fault. */
export function readDraft(draft: Draft, images: ImagesSize): Reading {
  const { fixedNoise, centre, shuffle } = draft;
  const chosen = { ...defaultTraining, ...chosenOptimizer(draft) };
  let spec: TrainingSpec = { ...chosen, fixedNoise, centre, shuffle };
  const faults = new Map<Field, string>();
  // What the others are while one is checked: where images are few, the default batch would be at fault for all.
  const others = { ...chosen, batch: Math.min(defaultTraining.batch, images.count) };
  for (const field of [...plainFields, ...optimizerFields(draft)]) {
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
    return autoencoder(image, readLayers(draft.hidden), { output: draft.output });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** Whether two runs would be the same. */
export function sameSpec(a: TrainingSpec, b: TrainingSpec): boolean {
  return JSON.stringify(draftOf(a)) === JSON.stringify(draftOf(b));
}

/** Reads "512, 128, 512"; commas or spaces separate the layers. */
function readLayers(hidden: string): HiddenLayer[] {
  return hidden.trim() === "" ? [] : parseLayers(widthWords(hidden).join(","));
}
