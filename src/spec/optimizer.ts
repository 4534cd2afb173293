import { number, type Setting, type SettingTable } from "./setting-kinds.ts";

/**
 * Adadelta (Zeiler 2012, arXiv:1212.5701) with a learning rate, as Keras 2 and PyTorch compute it:
 * a <- rho a + (1 - rho) g^2;  u = g sqrt(d + epsilon) / sqrt(a + epsilon), with the old d;
 * w <- w - lr u;  d <- rho d + (1 - rho) u^2.
 */
export interface AdadeltaSpec {
  /** The name of the optimizer. */
  readonly name: "adadelta";
  /** The learning rate, 0 to 1000. */
  readonly lr: number;
  /** Decay rate of the running means of squares, 0 to 0.9999999. */
  readonly rho: number;
  /** Keeps the quotient finite, 1e-30 to 1. */
  readonly epsilon: number;
}

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980), as PyTorch computes it, at step t from 1 on:
 * m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;
 * w <- w - lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
 */
export interface AdamSpec {
  /** The name of the optimizer. */
  readonly name: "adam";
  /** The learning rate, 0 to 1000. */
  readonly lr: number;
  /** Decay rate of the running mean of gradients, 0 to 0.9999999. */
  readonly beta1: number;
  /** Decay rate of the running mean of squared gradients, 0 to 0.9999999. */
  readonly beta2: number;
  /** Keeps the quotient finite, 1e-30 to 1. */
  readonly epsilon: number;
}

/** An optimizer and its settings. */
export type OptimizerSpec = AdadeltaSpec | AdamSpec;
/** The name of an optimizer. */
export type OptimizerName = OptimizerSpec["name"];

/** The spec of the optimizer of a name. */
export type OptimizerOf<N extends OptimizerName> = Extract<OptimizerSpec, { readonly name: N }>;

/** A numeric setting of any optimizer. */
export type OptimizerSetting = {
  [N in OptimizerName]: Exclude<keyof OptimizerOf<N>, "name">;
}[OptimizerName];

/** A table by optimizer; each entry takes that optimizer's spec. */
export type OptimizerTable<R> = { readonly [N in OptimizerName]: (optimizer: OptimizerOf<N>) => R };

/** The default settings of well-known frameworks. */
export const adadeltaPresets = {
  /** Keras 2.x: the default here. */
  keras2: { name: "adadelta", lr: 1, rho: 0.95, epsilon: 1e-7 },
  /** Keras 3: with its learning rate of 0.001, this model barely learns in 100 epochs. */
  keras3: { name: "adadelta", lr: 0.001, rho: 0.95, epsilon: 1e-7 },
} as const satisfies Record<string, AdadeltaSpec>;

/** The paper's settings, also PyTorch's. */
export const defaultAdam: AdamSpec = { name: "adam", lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** The default settings of each optimizer. */
export const defaultOptimizers = {
  adadelta: adadeltaPresets.keras2,
  adam: defaultAdam,
} as const satisfies { readonly [N in OptimizerName]: OptimizerOf<N> };

export const optimizerNames = Object.keys(defaultOptimizers) as OptimizerName[];

const { adadelta, adam } = defaultOptimizers;

/**
 * Every optimizer: its title and its settings with their descriptions, ranges and defaults. Options with the same
 * name are one option.
 */
export const optimizers: {
  readonly [N in OptimizerName]: {
    readonly title: string;
    /** A description that follows its title. */
    readonly help: string;
    readonly settings: SettingTable<Omit<OptimizerOf<N>, "name">>;
  };
} = {
  adadelta: {
    title: "Adadelta",
    help: "adapts the size of its steps by itself",
    settings: {
      lr: rate(adadelta.lr, "the learning rate multiplies every update of a weight"),
      rho: share("rho", "Rho", adadelta.rho, "the decay rate of the running means"),
      epsilon: small(adadelta.epsilon, "keeps the step finite, and sets how large the first steps are"),
    },
  },
  adam: {
    title: "Adam",
    help: "takes the size of its steps from the learning rate, and is faster on the digits",
    settings: {
      lr: rate(adam.lr, "the learning rate is about the largest change of a weight in a step"),
      beta1: share("beta1", "Beta 1", adam.beta1, "the decay rate of the running mean of gradients"),
      beta2: share("beta2", "Beta 2", adam.beta2, "the decay rate of the running mean of squared gradients"),
      epsilon: small(adam.epsilon, "keeps steps small where there is hardly any gradient"),
    },
  },
};

function rate(standard: number, help: string): Setting<number> {
  const names = { option: "lr", value: "rate", title: "Learning rate", subject: "The learning rate (lr)" };
  return number({ ...names, group: "optimizer", min: 0, max: 1000, default: standard, help });
}

function share(option: string, title: string, standard: number, help: string): Setting<number> {
  const names = { option, value: "share", title, subject: option };
  return number({ ...names, group: "optimizer", min: 0, max: 0.9999999, default: standard, help });
}

function small(standard: number, help: string): Setting<number> {
  const names = { option: "epsilon", value: "number", title: "Epsilon", subject: "epsilon" };
  return number({ ...names, group: "optimizer", min: 1e-30, max: 1, default: standard, help });
}

/** The settings of an optimizer by name, in the order of its table. */
export function optimizerSettings(name: OptimizerName): (readonly [OptimizerSetting, Setting<number>])[] {
  const table: Partial<Record<OptimizerSetting, Setting<number>>> = optimizers[name].settings;
  return Object.entries(table) as [OptimizerSetting, Setting<number>][];
}

/** Every numeric setting of any optimizer, without duplicates. */
export const optimizerSettingNames: readonly OptimizerSetting[] = [
  ...new Set(optimizerNames.flatMap((name) => optimizerSettings(name).map(([key]) => key))),
];

/** The numeric settings of an optimizer, by name. */
export function optimizerNumbers({
  name: _,
  ...numbers
}: OptimizerSpec): Readonly<Partial<Record<OptimizerSetting, number>>> {
  return numbers;
}

/** The optimizer with this name, with its settings taken from `value`. */
export function optimizerOf(
  name: OptimizerName,
  value: (setting: OptimizerSetting, words: Setting<number>) => number,
): OptimizerSpec {
  const numbers = optimizerSettings(name).map(([key, setting]) => [key, value(key, setting)] as const);
  return { ...defaultOptimizers[name], ...Object.fromEntries(numbers) };
}

/** The result of the table's entry for an optimizer. */
export function forOptimizer<R>(table: OptimizerTable<R>, optimizer: OptimizerSpec): R {
  // The entry matches the optimizer's name, which the type of a union of functions cannot express.
  const entry = table[optimizer.name] as (spec: OptimizerSpec) => R;
  return entry(optimizer);
}

/** Throws an InputError when a setting is out of range. */
export function checkOptimizer(optimizer: OptimizerSpec): void {
  const numbers = optimizerNumbers(optimizer);
  for (const [key, setting] of optimizerSettings(optimizer.name)) setting.check(numbers[key] ?? Number.NaN);
}
