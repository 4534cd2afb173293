import { InputError } from "../spec/input-error.ts";
import { quote } from "./quote.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses a JSON object, `what` in the messages; throws an InputError for anything else, and for a key given twice. */
export function parseJsonObject(text: string, what: string): JsonObject {
  const value = parse(text, what);
  if (!isJsonObject(value)) throw new InputError(`${what} is not a JSON object.`);
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new InputError(`${what} has the key ${quote(twice)} twice.`);
  return value;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${what} is not valid JSON.`, { cause });
  }
}

/** Strings (a key when a colon follows), and the brackets that open and close objects. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;

/** The first key that an object of the valid JSON `text` has twice, of which JSON.parse would silently keep the last. */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [bracket, string, colon] of text.matchAll(token)) {
    if (bracket === "{") open.push(new Set());
    else if (bracket === "}") open.pop();
    else if (string !== undefined && colon !== undefined) {
      const key = String(JSON.parse(string));
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
