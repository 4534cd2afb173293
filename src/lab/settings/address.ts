import { InputError } from "../../spec/input-error.ts";
import {
  defaultOptimizers,
  type OptimizerSetting,
  optimizerNumbers,
  optimizerSettingNames,
  optimizerSettings,
} from "../../spec/optimizer.ts";
import { keysOf, mapTable, type Setting } from "../../spec/setting-kinds.ts";
import { defaultTraining, type FlatSettings, settings, type TrainingSpec } from "../../spec/settings.ts";
import { checkTraining } from "../../spec/training.ts";
import { type ImagesSize, type PageSettings, pageSettings } from "./draft.ts";

/*
 * The settings as part of the page's address: those that differ from the default, as "hidden=512,128,512&seed=7&no-shuffle".
 * They have the names of the options of `unsnow train` (docs/cli.md).
 */

/** The maximum number of characters that are read: more than the longest valid settings need. */
const longestAddress = 4096;

/** The maximum number of settings that an error names, and of characters of each. */
const mostNamed = 4;
const longestNamed = 40;

/** Settings read from an address. */
export interface AddressReading {
  /** The default settings, replaced by those that are given and can be used. */
  readonly spec: TrainingSpec;
  /** One sentence that names what cannot be used. */
  readonly fault: string | undefined;
}

/** A setting in the address. */
interface AddressedSetting {
  readonly option: string;
  /** Its text; undefined if it is not written. */
  readonly write: (spec: TrainingSpec) => string | undefined;
  /** Applies the setting in the text to a run; throws an InputError for a text that cannot be read. */
  readonly read: (text: string, spec: TrainingSpec) => TrainingSpec;
}

/** The settings of the table, by key. */
const plain: ReadonlyMap<string, AddressedSetting> = new Map(
  mapTable(pageSettings, (key, setting) => {
    const get = (spec: PageSettings) => spec[key];
    return [key, addressOf(setting, get, (spec, value) => ({ ...spec, [key]: value }))];
  }),
);

/** The optimizer and its numbers. */
const optimizer: readonly AddressedSetting[] = [
  addressOf(
    settings.optimizer,
    (spec) => spec.optimizer.name,
    (spec, name) => ({ ...spec, optimizer: defaultOptimizers[name] }),
  ),
  ...optimizerSettingNames.map(optimizerNumber),
];

/** The settings in the place of one of the table: blind spots come after the layers, and the output after the loss, on which they depend. */
function inOrder(key: keyof FlatSettings): readonly (keyof FlatSettings)[] {
  if (key === "selfSupervised" || key === "mask" || key === "output") return [];
  if (key === "noiseMap") return ["noiseMap", "selfSupervised", "mask"];
  return key === "loss" ? ["loss", "output"] : [key];
}

/** All settings by option, in the order of writing and reading: a setting comes after those on which it depends. */
const addressed: ReadonlyMap<string, AddressedSetting> = new Map(
  keysOf(settings)
    .flatMap((key) => inOrder(key))
    .flatMap((key) => (key === "optimizer" ? optimizer : (plain.get(key) ?? [])))
    .map((setting) => [setting.option, setting]),
);

/** The part of the address after "#" for these settings; empty for the default ones. */
export function formatAddress(spec: TrainingSpec): string {
  const usual = { ...defaultTraining, optimizer: defaultOptimizers[spec.optimizer.name] };
  return [...addressed]
    .flatMap(([name, { write }]) => {
      const text = write(spec);
      if (text === undefined || text === write(name === "optimizer" ? defaultTraining : usual)) return [];
      return text === "" ? name : `${name}=${text}`;
    })
    .join("&");
}

/**
 * Reads the part of the address after "#", which may be any text: settings that cannot be used, or not with these images, are
 * named, and the rest is used. `others` are parameters before the "#", as [name, text], that cannot be used either.
 */
export function readAddress(
  address: string,
  images: ImagesSize,
  others: readonly (readonly [string, string])[] = [],
): AddressReading {
  if (address.length > longestAddress) {
    const fault = `The settings in the address are ${address.length} characters long, but at most ${longestAddress} are read, so none were used.`;
    return { spec: defaultTraining, fault };
  }
  const texts = new Map<string, string>();
  const unusable = others.map(([name, text]) => pair(name, text));
  // In a query "+" would be a space; here it joins noises.
  for (const [name, text] of new URLSearchParams(address.replaceAll("+", "%2B"))) {
    if (addressed.has(name) && !texts.has(name)) texts.set(name, text);
    else unusable.push(pair(name, text));
  }
  // The default batch may be too large for few images, which is not an error of the address.
  const enough = { ...images, count: Math.max(images.count, defaultTraining.batch) };
  let spec = defaultTraining;
  for (const [name, { read }] of addressed) {
    const text = texts.get(name);
    if (text === undefined) continue;
    const changed = changedRun(() => read(text, spec), enough);
    if (changed) spec = changed;
    else unusable.push(pair(name, text));
  }
  return { spec, fault: unusable.length > 0 ? faultOf(unusable) : undefined };
}

/** The run that `change` returns; undefined if it cannot be used. */
function changedRun(change: () => TrainingSpec, images: ImagesSize): TrainingSpec | undefined {
  try {
    const spec = change();
    checkTraining(spec, images);
    return spec;
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

/** 'epochs=many', in quotes and truncated if it is long. */
function pair(name: string, text: string): string {
  const characters = [...(text === "" ? name : `${name}=${text}`)];
  const shown = characters
    .slice(0, longestNamed)
    .join("")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "\ufffd");
  return `"${shown}${characters.length > longestNamed ? "…" : ""}"`;
}

/** A setting in the address: a flag that differs from the default as its option alone, other settings with their text. */
function addressOf<T>(
  { option, kind, parse, format, default: usual }: Setting<T>,
  get: (spec: TrainingSpec) => T,
  set: (spec: TrainingSpec, value: T) => TrainingSpec,
): AddressedSetting {
  if (kind !== "flag") {
    return {
      option,
      write: (spec) => format(get(spec)),
      read: (text, spec) => set(spec, parse(text)),
    };
  }
  const given = parse(format(usual) === "on" ? "off" : "on");
  return {
    option,
    write: (spec) => (get(spec) === usual ? undefined : ""),
    read(text, spec) {
      if (text === "") return set(spec, given);
      throw new InputError(`This option takes no value, but "${text}" is given.`);
    },
  };
}

/** A number that only some optimizers have. */
function optimizerNumber(key: OptimizerSetting): AddressedSetting {
  const settingOf = ({ optimizer }: TrainingSpec) =>
    optimizerSettings(optimizer.name).find(([name]) => name === key)?.[1];
  return {
    option: key,
    write: (spec) => {
      const value = optimizerNumbers(spec.optimizer)[key];
      return value === undefined ? undefined : settingOf(spec)?.format(value);
    },
    read(text, spec) {
      const setting = settingOf(spec);
      if (!setting) throw new InputError(`The optimizer ${spec.optimizer.name} has no ${key}.`);
      return { ...spec, optimizer: { ...spec.optimizer, [key]: setting.parse(text) } };
    },
  };
}
