import {
  type AdadeltaSpec,
  type AdamSpec,
  adadeltaPresets,
  defaultAdam,
  defaultOptimizers,
  type OptimizerName,
  type OptimizerSpec,
} from "../../spec/optimizer.ts";
import type { ScheduleSpec } from "../../spec/schedule.ts";
import { readNumber } from "./read-number.ts";

export type ScheduleKind = ScheduleSpec["kind"];

/** What the form says of the optimizer. What belongs to the one that is not chosen stays, for when it is chosen again. */
export interface OptimizerDraft {
  readonly optimizer: OptimizerName;
  /** Adadelta's learning rate. */
  readonly lr: string;
  readonly rho: string;
  readonly epsilon: string;
  readonly adamLr: string;
  readonly beta1: string;
  readonly beta2: string;
  readonly adamEpsilon: string;
  readonly schedule: ScheduleKind;
  /** Epochs between two steps of the learning rate, and what a step multiplies it by. */
  readonly stepEpochs: string;
  readonly stepFactor: string;
}

/** What the optimizer's draft has that is typed. */
export type OptimizerField = Exclude<keyof OptimizerDraft, "optimizer" | "schedule">;

/** The part of a run that the optimizer's draft is of. */
export interface OptimizerSettings {
  readonly optimizer: OptimizerSpec;
  readonly schedule: ScheduleSpec;
}

type Writer = <S extends OptimizerSettings>(settings: S, draft: OptimizerDraft) => S;

/** One line a field: what it makes of the settings. */
export const optimizerWriters: { readonly [F in OptimizerField]: Writer } = {
  lr: (settings, { lr }) => withAdadelta(settings, { lr: readNumber("The learning rate", lr) }),
  rho: (settings, { rho }) => withAdadelta(settings, { rho: readNumber("rho", rho) }),
  epsilon: (settings, { epsilon }) => withAdadelta(settings, { epsilon: readNumber("epsilon", epsilon) }),
  adamLr: (settings, { adamLr }) => withAdam(settings, { lr: readNumber("The learning rate", adamLr) }),
  beta1: (settings, { beta1 }) => withAdam(settings, { beta1: readNumber("beta1", beta1) }),
  beta2: (settings, { beta2 }) => withAdam(settings, { beta2: readNumber("beta2", beta2) }),
  adamEpsilon: (settings, { adamEpsilon }) =>
    withAdam(settings, { epsilon: readNumber("epsilon", adamEpsilon) }),
  stepEpochs: (settings, { stepEpochs }) =>
    withStep(settings, {
      epochs: readNumber("The epochs between two steps of the learning rate", stepEpochs),
    }),
  stepFactor: (settings, { stepFactor }) =>
    withStep(settings, { factor: readNumber("The factor of a step of the learning rate", stepFactor) }),
};

const fieldsOf: { readonly [N in OptimizerName]: readonly OptimizerField[] } = {
  adadelta: ["lr", "rho", "epsilon"],
  adam: ["adamLr", "beta1", "beta2", "adamEpsilon"],
};

/** A tenth of the learning rate after every 30 epochs, the step that the help of `--schedule` shows. */
const standardStep = { kind: "step", epochs: 30, factor: 0.1 } as const satisfies ScheduleSpec;

/** The fields that count, given what is chosen. */
export function optimizerFields({ optimizer, schedule }: OptimizerDraft): OptimizerField[] {
  return [...fieldsOf[optimizer], ...(schedule === "step" ? (["stepEpochs", "stepFactor"] as const) : [])];
}

/** The standard settings of what the draft has chosen, before anything typed is read. */
export function chosenOptimizer({ optimizer, schedule }: OptimizerDraft): OptimizerSettings {
  return {
    optimizer: defaultOptimizers[optimizer],
    schedule: schedule === "step" ? standardStep : { kind: schedule },
  };
}

/** The draft that reads as these settings, with the standard ones for the rest. */
export function optimizerDraftOf({ optimizer, schedule }: OptimizerSettings): OptimizerDraft {
  const adam = optimizer.name === "adam" ? optimizer : defaultAdam;
  return {
    optimizer: optimizer.name,
    ...adadeltaDraft(optimizer.name === "adadelta" ? optimizer : adadeltaPresets.keras2),
    adamLr: String(adam.lr),
    beta1: String(adam.beta1),
    beta2: String(adam.beta2),
    adamEpsilon: String(adam.epsilon),
    ...scheduleDraft(schedule),
  };
}

export function scheduleDraft(
  schedule: ScheduleSpec,
): Pick<OptimizerDraft, "schedule" | "stepEpochs" | "stepFactor"> {
  const { epochs, factor } = schedule.kind === "step" ? schedule : standardStep;
  return { schedule: schedule.kind, stepEpochs: String(epochs), stepFactor: String(factor) };
}

export type AdadeltaPresetName = keyof typeof adadeltaPresets;

/** The framework whose settings of Adadelta the draft has, if it has any's. */
export function adadeltaPresetOf(draft: OptimizerDraft): AdadeltaPresetName | undefined {
  const names = Object.keys(adadeltaPresets) as AdadeltaPresetName[];
  return names.find((name) => {
    const { lr, rho, epsilon } = adadeltaPresets[name];
    return Number(draft.lr) === lr && Number(draft.rho) === rho && Number(draft.epsilon) === epsilon;
  });
}

export function adadeltaDraft(spec: AdadeltaSpec): Pick<OptimizerDraft, "lr" | "rho" | "epsilon"> {
  return { lr: String(spec.lr), rho: String(spec.rho), epsilon: String(spec.epsilon) };
}

function withAdadelta<S extends OptimizerSettings>(settings: S, change: Partial<AdadeltaSpec>): S {
  const { optimizer } = settings;
  return optimizer.name === "adadelta" ? { ...settings, optimizer: { ...optimizer, ...change } } : settings;
}

function withAdam<S extends OptimizerSettings>(settings: S, change: Partial<AdamSpec>): S {
  const { optimizer } = settings;
  return optimizer.name === "adam" ? { ...settings, optimizer: { ...optimizer, ...change } } : settings;
}

function withStep<S extends OptimizerSettings>(
  settings: S,
  change: { readonly epochs?: number; readonly factor?: number },
): S {
  const { schedule } = settings;
  return schedule.kind === "step" ? { ...settings, schedule: { ...schedule, ...change } } : settings;
}
