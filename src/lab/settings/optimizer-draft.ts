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
import { parseNumber } from "../../spec/setting-kinds.ts";
import { recordOf } from "./records.ts";

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

export function scheduleDraft(
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
