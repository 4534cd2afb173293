import { InputError } from "./input-error.ts";

/** The maximum length of a text in a file. */
const longestText = 1000;

/** A decimal number, for example 128, 0.95 or 1e-7. Infinity can be parsed, but is outside every range. */
const decimal = /^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|Infinity)\s*$/i;

/** The place of an option in the help of `unsnow train`. */
export type SettingGroup = "images" | "noise" | "network" | "optimizer";

/** The names and the default of a setting. */
interface SettingWords<T> {
  /**
   * Its option of `unsnow train` without the dashes. For a flag that is on by default, the option that turns it off.
   */
  readonly option: string;
  /** The placeholder for its value in the help: `--batch <images>`. */
  readonly value?: string;
  readonly group: SettingGroup;
  /** Its display name: "Batch". */
  readonly title: string;
  /** The subject of sentences about it. Default: derived from the title, "The batch". */
  readonly subject?: string;
  /** A description, as a part of a sentence. */
  readonly help: string;
  readonly default: T;
  /** If set, files of earlier versions may lack it; it then has its default. */
  readonly optionalInFiles?: true;
}

/** A setting of a run: its names, its range and its forms. */
export interface Setting<T> extends SettingWords<T> {
  readonly kind: "integer" | "number" | "flag" | "name" | "text";
  readonly subject: string;
  /** The names, if the value is one of a set of names. */
  readonly names?: readonly string[];
  /** Throws an InputError with the range unless the value is in it. */
  readonly check: (value: T) => void;
  /** Parses a text without checking the range; throws an InputError if it is not valid. */
  readonly parse: (text: string) => T;
  /** The text form, as accepted by `parse`. */
  readonly format: (value: T) => string;
  /** The value in JSON. */
  readonly toJson: (value: T) => unknown;
  /** Converts a result of `toJson` back; undefined for anything else. May throw an InputError instead. */
  readonly fromJson: (json: unknown) => T | undefined;
  /** The values that `fromJson` accepts: "a whole number from 0 to 16". */
  readonly needs: string;
}

/** Settings by key: one for each property of S, so that the compiler reports missing ones. */
export type SettingTable<S> = { readonly [K in keyof S]: Setting<S[K]> };

interface Range {
  readonly min: number;
  readonly max: number;
}

/** An integer from `min` to `max`, both included. */
export function integer({ min, max, ...words }: SettingWords<number> & Range): Setting<number> {
  const inRange = (value: unknown) => Number.isInteger(value) && isWithin(value, min, max);
  return {
    ...plain(words, `a whole number from ${min} to ${max}`, (json) =>
      inRange(json) ? Number(json) : undefined,
    ),
    ...{ kind: "integer", parse: (text) => parseNumber(subjectOf(words), text), format: String },
  };
}

/** A number from `min` to `max`, both included. */
export function number({ min, max, ...words }: SettingWords<number> & Range): Setting<number> {
  return {
    ...plain(words, `a number from ${min} to ${max}`, (json) =>
      isWithin(json, min, max) ? json : undefined,
    ),
    ...{ kind: "number", parse: (text) => parseNumber(subjectOf(words), text), format: String },
  };
}

/** A boolean setting. */
export function flag(words: SettingWords<boolean>): Setting<boolean> {
  return {
    ...plain(words, "true or false", (json) => (typeof json === "boolean" ? json : undefined)),
    kind: "flag",
    parse(text) {
      if (text === "on" || text === "off") return text === "on";
      throw new InputError(`${subjectOf(words)} must be on or off, but "${text}" is given.`);
    },
    format: (on) => (on ? "on" : "off"),
  };
}

/** A setting with one of several names as its value. */
export function oneOf<T extends string>({
  names,
  ...words
}: SettingWords<T> & { readonly names: readonly T[] }): Setting<T> {
  const needs = `one of ${names.join(", ")}`;
  const nameOf = (value: unknown) => names.find((name) => name === value);
  return {
    ...plain(words, needs, nameOf),
    ...{ kind: "name", names, format: (name) => name },
    parse(text) {
      const name = nameOf(text);
      if (name !== undefined) return name;
      throw new InputError(`${subjectOf(words)} must be ${needs}, but "${text}" is given.`);
    },
  };
}

/** A value with its own text form, which is also its form in JSON unless `json` is given. */
export function text<T>({
  json,
  ...words
}: SettingWords<T> &
  Pick<Setting<T>, "parse" | "format" | "check"> & {
    readonly json?: Pick<Setting<T>, "toJson" | "fromJson" | "needs">;
  }): Setting<T> {
  const { parse, format, check } = words;
  return {
    ...words,
    ...{ kind: "text", subject: subjectOf(words), needs: `a text of at most ${longestText} characters` },
    toJson: format,
    fromJson(value) {
      if (typeof value !== "string" || value.length > longestText) return undefined;
      const read = parse(value);
      check(read);
      return read;
    },
    ...json,
  };
}

/** Parses a decimal number; throws an InputError about `subject`. */
export function parseNumber(subject: string, text: string): number {
  if (decimal.test(text)) return Number(text);
  const given = text.trim() === "" ? "nothing" : `"${text}"`;
  throw new InputError(`${subject} must be a number, but ${given} is given.`);
}

/** The keys of a table, in its order. */
export function keysOf<S>(table: SettingTable<S>): (keyof S & string)[] {
  return Object.keys(table) as (keyof S & string)[];
}

/** The record of these entries. */
export function recordOf<K extends string, V>(entries: readonly (readonly [K, V])[]): Record<K, V> {
  return Object.fromEntries(entries) as Record<K, V>;
}

/** The object with only these keys. */
export function pick<T, K extends keyof T & string>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

/** Fills a table with the results of `value` for each setting. */
export function fillTable<S>(
  table: SettingTable<S>,
  value: <K extends keyof S & string>(key: K, setting: Setting<S[K]>) => S[K],
): S {
  return Object.fromEntries(keysOf(table).map((key) => [key, value(key, table[key])])) as S;
}

/** The result of `entry` for each setting of a table, in order. */
export function mapTable<S, R>(
  table: SettingTable<S>,
  entry: <K extends keyof S & string>(key: K, setting: Setting<S[K]>) => R,
): R[] {
  return keysOf(table).map((key) => entry(key, table[key]));
}

/** Throws an InputError with the range for the first value that is out of range. */
export function checkTable<S>(table: SettingTable<S>, values: S): void {
  for (const key of keysOf(table)) table[key].check(values[key]);
}

/** The given values in JSON, by key, in the table's order. */
export function tableToJson<S>(table: SettingTable<S>, values: Partial<S>): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const key of keysOf(table)) {
    const value = values[key];
    if (value !== undefined) json[key] = table[key].toJson(value);
  }
  return json;
}

/** A setting whose values are represented as they are in JSON. */
function plain<T extends number | boolean | string>(
  words: SettingWords<T>,
  needs: string,
  fromJson: Setting<T>["fromJson"],
): Omit<Setting<T>, "kind" | "parse" | "format"> {
  const subject = subjectOf(words);
  return {
    ...{ ...words, subject, needs, fromJson, toJson: (value) => value },
    check(value) {
      if (fromJson(value) === undefined) {
        throw new InputError(`${subject} must be ${needs}, but it is ${String(value)}.`);
      }
    },
  };
}

function subjectOf({ subject, title }: Pick<SettingWords<unknown>, "subject" | "title">): string {
  return subject ?? `The ${title.toLowerCase()}`;
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}
