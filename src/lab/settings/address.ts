import { InputError } from "../../spec/input-error.ts";
import { formatLayers, outputNames } from "../../spec/layers.ts";
import { formatNoise, parseNoise } from "../../spec/noise-text.ts";
import { defaultOptimizers, type OptimizerName, optimizerNames } from "../../spec/optimizer.ts";
import { formatSchedule, parseSchedule } from "../../spec/schedule.ts";
import { defaultTraining, initializationNames, lossNames, type TrainingSpec } from "../../spec/training.ts";
import { type Draft, draftOf, type ImagesSize, readDraft } from "./draft.ts";
import { noiseDraftOf } from "./noise-draft.ts";
import { scheduleDraft } from "./optimizer-draft.ts";

/*
 * The settings as part of the page's address: those that differ from the default, as "hidden=512,128,512&seed=7&no-shuffle".
 * They are called what the options of `unsnow train` are called (docs/cli.md).
 */

/** The most characters that are read: all settings at their longest, and room to spare. */
const longestAddress = 4096;

/** The most settings that a fault names, and the most characters of each. */
const mostNamed = 4;
const longestNamed = 40;

/** Settings read from an address. */
export interface AddressReading {
  /** The default ones, but for those that are given and can be used. */
  readonly spec: TrainingSpec;
  /** One sentence that names what cannot be used. */
  readonly fault: string | undefined;
}

/** One setting. */
interface AddressedSetting {
  /** Its text; undefined where it has none, as an option that is not given. */
  readonly write: (spec: TrainingSpec) => string | undefined;
  /** What its text makes of a draft; throws an InputError for a text that it cannot have. */
  readonly read: (text: string, draft: Draft) => Partial<Draft>;
}

/** In the order in which they are written and read: a setting comes after those that it depends on. */
const settings: ReadonlyMap<string, AddressedSetting> = new Map<string, AddressedSetting>(
  Object.entries({
    noise: {
      write: ({ noise }) => formatNoise(noise),
      read: (text) => noiseDraftOf(parseNoise(text)),
    },
    shift: {
      write: ({ shift }) => String(shift),
      read: (shift) => ({ shift }),
    },
    "fixed-noise": {
      write: ({ fixedNoise }) => (fixedNoise ? "" : undefined),
      read: (text) => ({ fixedNoise: given(text) }),
    },
    hidden: {
      write: ({ hidden }) => formatLayers(hidden),
      read: (hidden) => ({ hidden }),
    },
    initialization: {
      write: ({ initialization }) => initialization,
      read: (text) => ({ initialization: oneOf(initializationNames, text) }),
    },
    centre: {
      write: ({ centre }) => (centre ? "" : undefined),
      read: (text) => ({ centre: given(text) }),
    },
    loss: {
      write: ({ loss }) => loss,
      read: (text) => ({ loss: oneOf(lossNames, text) }),
    },
    output: {
      write: ({ output }) => output,
      read: (text) => ({ output: oneOf(outputNames, text) }),
    },
    epochs: {
      write: ({ epochs }) => String(epochs),
      read: (epochs) => ({ epochs }),
    },
    batch: {
      write: ({ batch }) => String(batch),
      read: (batch) => ({ batch }),
    },
    "no-shuffle": {
      write: ({ shuffle }) => (shuffle ? undefined : ""),
      read: (text) => ({ shuffle: !given(text) }),
    },
    optimizer: {
      write: ({ optimizer }) => optimizer.name,
      read: (text) => ({ optimizer: oneOf(optimizerNames, text) }),
    },
    lr: {
      write: ({ optimizer }) => String(optimizer.lr),
      read: (text, { optimizer }) => (optimizer === "adam" ? { adamLr: text } : { lr: text }),
    },
    rho: {
      write: ({ optimizer }) => (optimizer.name === "adadelta" ? String(optimizer.rho) : undefined),
      read: (rho, draft) => ofOptimizer("adadelta", draft, { rho }),
    },
    beta1: {
      write: ({ optimizer }) => (optimizer.name === "adam" ? String(optimizer.beta1) : undefined),
      read: (beta1, draft) => ofOptimizer("adam", draft, { beta1 }),
    },
    beta2: {
      write: ({ optimizer }) => (optimizer.name === "adam" ? String(optimizer.beta2) : undefined),
      read: (beta2, draft) => ofOptimizer("adam", draft, { beta2 }),
    },
    epsilon: {
      write: ({ optimizer }) => String(optimizer.epsilon),
      read: (text, { optimizer }) => (optimizer === "adam" ? { adamEpsilon: text } : { epsilon: text }),
    },
    schedule: {
      write: ({ schedule }) => formatSchedule(schedule),
      read: (text) => scheduleDraft(parseSchedule(text)),
    },
    seed: {
      write: ({ seed }) => String(seed),
      read: (seed) => ({ seed }),
    },
  } satisfies Record<string, AddressedSetting>),
);

/** The part of the address after "#" that stands for these settings; empty for the default ones. */
export function formatAddress(spec: TrainingSpec): string {
  const usual = { ...defaultTraining, optimizer: defaultOptimizers[spec.optimizer.name] };
  return [...settings]
    .flatMap(([name, { write }]) => {
      const text = write(spec);
      if (text === undefined || text === write(name === "optimizer" ? defaultTraining : usual)) return [];
      return text === "" ? name : `${name}=${text}`;
    })
    .join("&");
}

/**
 * Reads the part of the address after "#", whatever it is: what cannot be used, or not with these images, is named, and the
 * rest is used.
 */
export function readAddress(address: string, images: ImagesSize): AddressReading {
  if (address.length > longestAddress) {
    const fault = `The settings in the address are ${address.length} characters long, but at most ${longestAddress} are read, so that none were taken.`;
    return { spec: defaultTraining, fault };
  }
  const texts = new Map<string, string>();
  const unusable: string[] = [];
  // In a query "+" would be a space; here it joins noises.
  for (const [name, text] of new URLSearchParams(address.replaceAll("+", "%2B"))) {
    if (settings.has(name) && !texts.has(name)) texts.set(name, text);
    else unusable.push(pair(name, text));
  }
  // The default batch may be too large for few images, which is no fault of the address.
  const enough = { ...images, count: Math.max(images.count, defaultTraining.batch) };
  let { spec, draft } = { spec: defaultTraining, draft: draftOf(defaultTraining) };
  for (const [name, { read }] of settings) {
    const text = texts.get(name);
    if (text === undefined) continue;
    const changed = changedDraft(draft, () => read(text, draft));
    const reading = changed && readDraft(changed, enough);
    if (changed && reading?.spec) [spec, draft] = [reading.spec, changed];
    else unusable.push(pair(name, text));
  }
  return { spec, fault: unusable.length > 0 ? faultOf(unusable) : undefined };
}

function changedDraft(draft: Draft, change: () => Partial<Draft>): Draft | undefined {
  try {
    return { ...draft, ...change() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

function faultOf(unusable: readonly string[]): string {
  const more = unusable.length - mostNamed;
  const words = [...unusable.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])];
  const list = new Intl.ListFormat("en").format(words);
  const [cannot, were] =
    unusable.length === 1 ? ["a setting that cannot", "was"] : ["settings that cannot", "were"];
  return `The address has ${cannot} be used and ${were} left out: ${list}.`;
}

/** 'epochs=many', in quotes and cut where it is long. */
function pair(name: string, text: string): string {
  const characters = [...(text === "" ? name : `${name}=${text}`)];
  const shown = characters
    .slice(0, longestNamed)
    .join("")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "\ufffd");
  return `"${shown}${characters.length > longestNamed ? "…" : ""}"`;
}

/** An option without a value is given by its name alone. */
function given(text: string): true {
  if (text !== "")
    throw new InputError(`An option that is given or not has no value, but "${text}" is given.`);
  return true;
}

function oneOf<T extends string>(names: readonly T[], text: string): T {
  const name = names.find((known) => known === text);
  if (name === undefined) throw new InputError(`"${text}" is none of ${names.join(", ")}.`);
  return name;
}

function ofOptimizer(name: OptimizerName, { optimizer }: Draft, change: Partial<Draft>): Partial<Draft> {
  if (optimizer !== name)
    throw new InputError(`The optimizer ${optimizer} has no ${Object.keys(change)[0]}.`);
  return change;
}
