import { InputError } from "../spec/input-error.ts";
import { quote } from "../spec/quote.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The maximum nesting depth of lists and objects: more than any valid file has, and safe for recursive code. */
const deepest = 64;

/**
 * Parses a JSON object, named `what` in messages. Throws an InputError for anything else, for a duplicate key, and
 * for nesting deeper than 64 levels.
 */
export function parseJsonObject(text: string, what: string): JsonObject {
  const value = parse(text, what);
  if (depthOf(text) > deepest) {
    throw new InputError(`${what} has lists or objects nested more than ${deepest} deep.`);
  }
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

/** The first duplicate key of an object in the valid JSON `text`. JSON.parse would silently keep the last value. */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") open.push(new Set());
    else if (text[at] === "}") open.pop();
    else if (text[at] === '"') {
      const start = at;
      at = stringEnd(text, start);
      colon.lastIndex = at + 1;
      if (!colon.test(text)) continue;
      const key = String(JSON.parse(text.slice(start, at + 1)));
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** The maximum nesting depth of lists and objects in the valid JSON `text`. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at);
    else if (character === "[" || character === "{") most = Math.max(most, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return most;
}

/**
 * The end of the string that begins at `start`. A regular expression is not used, because a long string may overflow
 * its stack.
 */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
