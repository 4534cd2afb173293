import { InputError } from "../../spec/input-error.ts";
import { type AdadeltaSpec, adadeltaPresets, type OptimizerSpec } from "../../spec/optimizer.ts";
import { checkTraining, defaultTraining, type LossName, type TrainingSpec } from "../../spec/training.ts";
import { type NoiseDraft, noiseDraftOf, readNoiseDraft } from "./noise-draft.ts";

/** The settings as they stand in the form: text stays as it was typed, so that nothing is lost when it cannot be used. */
export interface Draft extends NoiseDraft {
  readonly fixedNoise: boolean;
  readonly hidden: string;
  readonly loss: LossName;
  readonly epochs: string;
  readonly batch: string;
  readonly shuffle: boolean;
  readonly lr: string;
  readonly rho: string;
  readonly epsilon: string;
  readonly seed: string;
}

/** The settings that are typed. */
export type TextField = "noise" | "hidden" | "epochs" | "batch" | "lr" | "rho" | "epsilon" | "seed";

/** A draft read: what is wrong with which field, or the settings if nothing is. */
export interface Reading {
  readonly spec: TrainingSpec | undefined;
  readonly faults: ReadonlyMap<TextField, string>;
}

export type PresetName = keyof typeof adadeltaPresets;

/** One line a field: what its text makes of a spec. */
const writers: {
  readonly [F in TextField]: (text: string, spec: TrainingSpec, draft: Draft) => TrainingSpec;
} = {
  noise: (_text, spec, draft) => ({ ...spec, noise: readNoiseDraft(draft) }),
  hidden: (text, spec) => ({ ...spec, hidden: readWidths(text) }),
  epochs: (text, spec) => ({ ...spec, epochs: readNumber("The number of epochs", text) }),
  batch: (text, spec) => ({ ...spec, batch: readNumber("The batch", text) }),
  lr: (text, spec) => withOptimizer(spec, { lr: readNumber("The learning rate", text) }),
  rho: (text, spec) => withOptimizer(spec, { rho: readNumber("rho", text) }),
  epsilon: (text, spec) => withOptimizer(spec, { epsilon: readNumber("epsilon", text) }),
  seed: (text, spec) => ({ ...spec, seed: readNumber("The seed", text) }),
};

const textFields = Object.keys(writers) as TextField[];

/** The draft that reads as `spec`. */
export function draftOf(spec: TrainingSpec): Draft {
  const { noise, fixedNoise, hidden, loss, epochs, batch, shuffle, optimizer, seed } = spec;
  return {
    ...noiseDraftOf(noise),
    fixedNoise,
    hidden: hidden.join(", "),
    loss,
    epochs: String(epochs),
    batch: String(batch),
    shuffle,
    ...presetDraft(adadeltaOf(optimizer)),
    seed: String(seed),
  };
}

/** Reads every field by itself, so that each bears its own fault. */
export function readDraft(draft: Draft, images: { count: number; rows: number; columns: number }): Reading {
  const { fixedNoise, loss, shuffle } = draft;
  let spec: TrainingSpec = { ...defaultTraining, fixedNoise, loss, shuffle };
  const faults = new Map<TextField, string>();
  // What the others are while one is checked: where images are few, the default batch would be at fault for all.
  const others = { ...defaultTraining, batch: Math.min(defaultTraining.batch, images.count) };
  for (const field of textFields) {
    try {
      checkTraining(writers[field](draft[field], others, draft), images);
      spec = writers[field](draft[field], spec, draft);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.set(field, error.message);
    }
  }
  return { spec: faults.size === 0 ? spec : undefined, faults };
}

/** The named optimizer settings that the draft has, if it has any. */
export function presetOf(draft: Draft): PresetName | undefined {
  const names = Object.keys(adadeltaPresets) as PresetName[];
  return names.find((name) => {
    const { lr, rho, epsilon } = adadeltaPresets[name];
    return Number(draft.lr) === lr && Number(draft.rho) === rho && Number(draft.epsilon) === epsilon;
  });
}

export function presetDraft({ lr, rho, epsilon }: AdadeltaSpec): Pick<Draft, "lr" | "rho" | "epsilon"> {
  return { lr: String(lr), rho: String(rho), epsilon: String(epsilon) };
}

/** Whether two runs would be the same. */
export function sameSpec(a: TrainingSpec, b: TrainingSpec): boolean {
  return JSON.stringify(draftOf(a)) === JSON.stringify(draftOf(b));
}

function withOptimizer(spec: TrainingSpec, change: Partial<AdadeltaSpec>): TrainingSpec {
  return { ...spec, optimizer: { ...adadeltaOf(spec.optimizer), ...change } };
}

/** The page has Adadelta alone. */
function adadeltaOf(optimizer: OptimizerSpec): AdadeltaSpec {
  return optimizer.name === "adadelta" ? optimizer : adadeltaPresets.keras2;
}

function readNumber(what: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) {
    throw new InputError(
      `${what} must be a number, but ${text.trim() === "" ? "nothing" : `"${text}"`} is given.`,
    );
  }
  return value;
}

/** Reads "512, 128, 512"; commas or spaces part the widths. */
function readWidths(text: string): number[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  return trimmed.split(/\s*[,;\s]\s*/).map((word) => readNumber("The width of a hidden layer", word));
}
