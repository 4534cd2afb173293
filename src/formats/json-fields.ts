import { InputError } from "../spec/input-error.ts";
import { quote } from "../spec/quote.ts";
import { fillTable, type Setting, type SettingTable } from "../spec/setting-kinds.ts";
import { isJsonObject, type JsonObject } from "./strict-json.ts";

/** The fields of a JSON object in a file. Each is checked when it is read; an InputError names an invalid one. */
export class JsonFields {
  readonly #object: JsonObject;
  /** The start of the error sentences: "The run in a.unsnow". */
  readonly #what: string;

  constructor(object: JsonObject, what: string) {
    this.#object = object;
    this.#what = what;
  }

  /** A text of at most `longest` UTF-16 units. */
  text(key: string, longest: number): string {
    const value = this.#value(key);
    if (typeof value === "string" && value.length <= longest) return value;
    throw this.#fault(key, `a text of at most ${longest} characters`);
  }

  /** A boolean; `missing` if there is none, for fields that older files lack. */
  flag(key: string, missing?: boolean): boolean {
    const value = this.#value(key) ?? missing;
    if (typeof value === "boolean") return value;
    throw this.#fault(key, "true or false");
  }

  number(key: string): number {
    const value = this.#value(key);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.#fault(key, "a finite number");
  }

  /** A number, or Infinity, which JSON cannot represent and which is written as null. */
  numberOrInfinity(key: string): number {
    return this.#value(key) === null ? Number.POSITIVE_INFINITY : this.number(key);
  }

  /** An integer from `min` to `max`, both included. */
  integer(key: string, min: number, max: number): number {
    const value = this.#value(key);
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    throw this.#fault(key, `a whole number from ${min} to ${max}`);
  }

  oneOf<T extends string>(key: string, names: readonly T[]): T {
    const value = this.#value(key);
    const name = names.find((known) => known === value);
    if (name !== undefined) return name;
    throw this.#fault(key, `one of ${names.join(", ")}`);
  }

  /** A list of at most `longest` items. */
  list(key: string, longest: number): readonly unknown[] {
    const value = this.#value(key);
    if (Array.isArray(value) && value.length <= longest) return value;
    throw this.#fault(key, `a list of at most ${longest}`);
  }

  /** A list of at most `most` texts, each of at most `longest` UTF-16 units. */
  texts(key: string, most: number, longest: number): string[] {
    return this.list(key, most).map((item) => {
      if (typeof item === "string" && item.length <= longest) return item;
      throw this.#fault(key, `a list of texts of at most ${longest} characters`);
    });
  }

  /** A list of at most `longest` objects; `itemName` starts the error sentences about one of them, counted from 1. */
  objects(key: string, longest: number, itemName: (number: number) => string): JsonFields[] {
    return this.list(key, longest).map((item, index) => {
      if (isJsonObject(item)) return new JsonFields(item, itemName(index + 1));
      throw this.#fault(key, "a list of objects");
    });
  }

  /** The fields of a nested object; `name` starts the error sentences about them. */
  object(key: string, name: string): JsonFields {
    const value = this.#value(key);
    if (isJsonObject(value)) return new JsonFields(value, name);
    throw this.#fault(key, "an object");
  }

  /** The result of `take` for the field; undefined if it is null or missing. */
  optional<T>(key: string, take: (key: string) => T): T | undefined {
    const value = this.#value(key);
    return value === null || value === undefined ? undefined : take(key);
  }

  /** The result of `read` for a text of at most `longest` characters; its errors name this object. */
  read<T>(key: string, longest: number, read: (text: string) => T): T {
    const text = this.text(key, longest);
    return this.#refusing(() => read(text));
  }

  /** The value of a setting; its default if it is missing and optional. */
  setting<T>(key: string, setting: Setting<T>): T {
    const json = this.#value(key);
    if (setting.optionalInFiles && (json === undefined || json === null)) return setting.default;
    const value = json === undefined ? undefined : this.#refusing(() => setting.fromJson(json));
    if (value !== undefined) return value;
    throw this.#fault(key, setting.needs);
  }

  /** The values of a table of settings, each from the field given by `names`, or from its own key. */
  settings<S>(table: SettingTable<S>, names: Partial<Record<keyof S, string>> = {}): S {
    return fillTable(table, (key, setting) => this.setting(names[key] ?? key, setting));
  }

  /** The result of `read`; its errors name this object. */
  #refusing<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      throw new InputError(`${this.#what} cannot be used: ${cause.message}`, { cause });
    }
  }

  /** Only own properties: inherited ones are not fields. */
  #value(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  #fault(key: string, needed: string): InputError {
    return new InputError(`${this.#what} must have ${needed} as ${key}, but has ${quote(this.#value(key))}.`);
  }
}
