import { widthLimit } from "../../spec/layer-kinds.ts";
import { layerWords } from "../../spec/layer-text.ts";
import { type NoiseSpec, noNoise } from "../../spec/noise.ts";
import { type NoiseKind, noiseKindNames, noiseKinds } from "../../spec/noise-kinds.ts";
import { formatNoise, formatSetting, parseNoise } from "../../spec/noise-text.ts";
import {
  adadeltaPresets,
  defaultOptimizers,
  type OptimizerName,
  type OptimizerOf,
  type OptimizerSetting,
  type OptimizerSpec,
  optimizerNames,
  optimizerNumbers,
  optimizerSettings,
} from "../../spec/optimizer.ts";
import type { ScheduleSpec } from "../../spec/schedule.ts";
import { parseNumber, recordOf } from "../../spec/setting-kinds.ts";

/** The numbers of hidden layers to choose from for a symmetric network. */
export const layerCounts = ["1", "3", "5", "7"] as const;
export type LayerCount = (typeof layerCounts)[number];

/**
 * A symmetric network, as it is typed: `nodes` in each layer around the code, and `code` nodes in the
 * middle. Both are unchanged texts of the form, so that nothing is lost while one is typed.
 */
export interface Hyperparameters {
  readonly code: string;
  readonly layers: LayerCount;
  /** Undefined if the code is the only hidden layer. */
  readonly nodes: string | undefined;
}

/**
 * "512, 128, 512" -> code 128, layers 3, nodes 512; undefined for widths that are not symmetric in this way, and for other kinds of
 * layers.
 */
export function hyperparametersOf(hidden: string): Hyperparameters | undefined {
  const words = layerWords(hidden);
  if (layerFormOf(hidden) === "convolutions") return undefined;
  const layers = layerCounts.find((count) => Number(count) === words.length);
  const middle = (words.length - 1) / 2;
  const code = words[middle];
  if (layers === undefined || code === undefined) return undefined;
  const [nodes, ...others] = words.filter((_, index) => index !== middle);
  return others.every((word) => word === nodes) ? { code, layers, nodes } : undefined;
}

/** What a network consists of. */
export type LayerForm = "dense" | "convolutions";

/** What the text of the hidden layers describes, also while it is typed. */
export function layerFormOf(hidden: string): LayerForm {
  return /(^|[\s,;])(conv|up|unet)\s*:/i.test(hidden) ? "convolutions" : "dense";
}

/** The widths as text, "512, 128, 512"; separators are removed from each, as from "1,024". */
export function hiddenOf({ code, layers, nodes = code }: Hyperparameters): string {
  const side = Array<string>((Number(layers) - 1) / 2).fill(nodes);
  return [...side, code, ...side].map((word) => word.replace(/[,;\s]+/g, "")).join(", ");
}

/** Whether the text is a valid number of nodes. */
export function isWidth(word: string): boolean {
  const width = word.trim() === "" ? Number.NaN : Number(word);
  return Number.isInteger(width) && width >= 1 && width <= widthLimit;
}

/** The smallest of the widths, which is the initial code size of a symmetric network; undefined if there is none. */
export function narrowestOf(hidden: string): string | undefined {
  return layerWords(hidden)
    .filter(isWidth)
    .sort((a, b) => Number(a) - Number(b))[0];
}

/** A single kind of noise, none, or any noise in its text form. */
export type NoiseChoice = NoiseKind | "none" | "mixture";

/** The form's contents for the noise. */
export interface NoiseDraft {
  readonly noiseChoice: NoiseChoice;
  /** The kind's setting, or the mixture's text; not used if there is no noise. */
  readonly noise: string;
}

export const noiseChoices: readonly { readonly value: NoiseChoice; readonly title: string }[] = [
  { value: "none", title: "None" },
  ...noiseKindNames.map((kind) => ({ value: kind, title: noiseKinds[kind].title })),
  { value: "mixture", title: "Mixture" },
];

/** The draft of `noise`. */
export function noiseDraftOf(noise: NoiseSpec): NoiseDraft {
  const [stage, ...others] = noise.stages;
  if (!stage) return { noiseChoice: "none", noise: "" };
  if (others.length === 0 && noise.clip) {
    return { noiseChoice: stage.kind, noise: formatSetting(stage.setting) };
  }
  return { noiseChoice: "mixture", noise: formatNoise(noise) };
}

/** The draft after another noise is chosen: with the kind's standard setting, or with the previous noise as text. */
export function chosenNoise(draft: NoiseDraft, noiseChoice: NoiseChoice): NoiseDraft {
  if (noiseChoice === "none") return { noiseChoice, noise: "" };
  if (noiseChoice !== "mixture") return { noiseChoice, noise: String(noiseKinds[noiseChoice].standard) };
  const noise = draft.noiseChoice === "none" ? "blur:1+gaussian:0.1" : noiseText(draft);
  return { noiseChoice, noise };
}

/** Reads the draft; throws an InputError that says what is wrong. */
export function readNoiseDraft(draft: NoiseDraft): NoiseSpec {
  return draft.noiseChoice === "none" ? noNoise : parseNoise(noiseText(draft));
}

function noiseText({ noiseChoice, noise }: NoiseDraft): string {
  return noiseChoice === "mixture" ? noise : `${noiseChoice}:${noise}`;
}

export type ScheduleKind = ScheduleSpec["kind"];

/** A number of an optimizer in the form: "adadeltaLr", "adamBeta1". */
export type NumberField = {
  [N in OptimizerName]: `${N}${Capitalize<Exclude<keyof OptimizerOf<N> & string, "name">>}`;
}[OptimizerName];

/** The form's contents for the optimizers. Those of an optimizer that is not chosen stay, for when it is chosen again. */
export interface OptimizerDraft extends Readonly<Record<NumberField, string>> {
  readonly optimizer: OptimizerName;
  readonly schedule: ScheduleKind;
  /** Epochs between two steps of the learning rate, and the factor of a step. */
  readonly stepEpochs: string;
  readonly stepFactor: string;
}

/** The typed fields of the optimizer's draft. */
export type OptimizerField = NumberField | "stepEpochs" | "stepFactor";

/** The part of a run that the optimizer's draft describes. */
export interface OptimizerSettings {
  readonly optimizer: OptimizerSpec;
  readonly schedule: ScheduleSpec;
}

type Writer = <S extends OptimizerSettings>(settings: S, draft: OptimizerDraft) => S;

/** The fields of an optimizer's numbers, in the order of its table. */
export function numberFields(name: OptimizerName) {
  return optimizerSettings(name).map(([key, setting]) => ({ name, key, setting, field: fieldOf(name, key) }));
}

const allNumbers = optimizerNames.flatMap(numberFields);

/** The setting of each field. */
export const optimizerWriters: { readonly [F in OptimizerField]: Writer } = {
  ...recordOf(
    allNumbers.map(({ name, key, setting, field }): [NumberField, Writer] => [
      field,
      (settings, draft) => withNumber(settings, name, key, setting.parse(draft[field])),
    ]),
  ),
  stepEpochs: (settings, { stepEpochs }) =>
    withStep(settings, {
      epochs: parseNumber("The epochs between two steps of the learning rate", stepEpochs),
    }),
  stepFactor: (settings, { stepFactor }) =>
    withStep(settings, { factor: parseNumber("The factor of a step of the learning rate", stepFactor) }),
};

/** A tenth of the learning rate after every 30 epochs, as in the help of `--schedule`. */
const standardStep = { kind: "step", epochs: 30, factor: 0.1 } as const satisfies ScheduleSpec;

/** The fields that are used with the chosen optimizer and schedule. */
export function optimizerFields({ optimizer, schedule }: OptimizerDraft): OptimizerField[] {
  const numbers = numberFields(optimizer).map(({ field }) => field);
  return [...numbers, ...(schedule === "step" ? (["stepEpochs", "stepFactor"] as const) : [])];
}

/** The standard settings of the chosen optimizer and schedule, before typed values are read. */
export function chosenOptimizer({ optimizer, schedule }: OptimizerDraft): OptimizerSettings {
  return {
    optimizer: defaultOptimizers[optimizer],
    schedule: schedule === "step" ? standardStep : { kind: schedule },
  };
}

/** The draft of these settings, with the standard ones for the rest. */
export function optimizerDraftOf({ optimizer, schedule }: OptimizerSettings): OptimizerDraft {
  return {
    optimizer: optimizer.name,
    ...recordOf(allNumbers.map(({ field, setting }) => [field, setting.format(setting.default)])),
    ...numbersDraft(optimizer),
    ...scheduleDraft(schedule),
  };
}

/** The draft of an optimizer's numbers. */
export function numbersDraft(optimizer: OptimizerSpec): Partial<Record<NumberField, string>> {
  const numbers = optimizerNumbers(optimizer);
  return recordOf(
    numberFields(optimizer.name).map(({ field, key, setting }) => [
      field,
      setting.format(numbers[key] ?? setting.default),
    ]),
  );
}

function scheduleDraft(
  schedule: ScheduleSpec,
): Pick<OptimizerDraft, "schedule" | "stepEpochs" | "stepFactor"> {
  const { epochs, factor } = schedule.kind === "step" ? schedule : standardStep;
  return { schedule: schedule.kind, stepEpochs: String(epochs), stepFactor: String(factor) };
}

export type AdadeltaPresetName = keyof typeof adadeltaPresets;

/** The framework whose Adadelta settings the draft has; undefined if there is none. */
export function adadeltaPresetOf(draft: OptimizerDraft): AdadeltaPresetName | undefined {
  const names = Object.keys(adadeltaPresets) as AdadeltaPresetName[];
  return names.find((name) => {
    const numbers = optimizerNumbers(adadeltaPresets[name]);
    return numberFields("adadelta").every(({ field, key }) => Number(draft[field]) === numbers[key]);
  });
}

function fieldOf(name: OptimizerName, key: OptimizerSetting): NumberField {
  // It is one of the optimizer's keys; the type is lost when the keys become a list.
  return `${name}${key.charAt(0).toUpperCase()}${key.slice(1)}` as NumberField;
}

function withNumber<S extends OptimizerSettings>(
  settings: S,
  name: OptimizerName,
  key: OptimizerSetting,
  value: number,
): S {
  const { optimizer } = settings;
  return optimizer.name === name ? { ...settings, optimizer: { ...optimizer, [key]: value } } : settings;
}

function withStep<S extends OptimizerSettings>(
  settings: S,
  change: { readonly epochs?: number; readonly factor?: number },
): S {
  const { schedule } = settings;
  return schedule.kind === "step" ? { ...settings, schedule: { ...schedule, ...change } } : settings;
}
