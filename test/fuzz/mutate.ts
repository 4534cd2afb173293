import type { Dice } from "./dice.ts";

/** Words that often cause errors in code that does not expect them. */
const words: readonly string[] = [
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "__metadata__", "length"],
  ...["\ud800", "\udc00x", "\u0000", "\n", "\u2028", "\u202e", "\\ud800", "\\u0000", '"', "\\", "é", "𝒳"],
  ...["1e309", "-1e309", "-0", "0", "-1", "0.1", "1e-400", "NaN", "Infinity", "null", "true", '""'],
  ...["255", "256", "65535", "65536", "2147483648", "4294967295", "4294967296", "9007199254740993", "1e15"],
  ...['{"toString":1,"valueOf":1}', '{"__proto__":{}}', '[{"toString":null}]', "[]", "{}", "[[]]"],
  ...[
    "gaussian",
    "blur:1",
    "..",
    "^",
    "+",
    ":",
    "step:",
    "%",
    "%00",
    "%E0%A4%A",
    "&",
    "=",
    "F16",
    "BF16",
    "F64",
    "U8",
  ],
];

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The numbers to which a length in a file may be changed. */
const lengths = [0, 1, 7, 8, 255, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1] as const;

type ByteMutation = (bytes: Uint8Array, other: Uint8Array, dice: Dice) => Uint8Array;

const byteMutations: readonly ByteMutation[] = [
  function flipBits(bytes, _, dice) {
    const changed = bytes.slice();
    for (let flips = 1 + dice.below(4); flips > 0; flips--) {
      const at = dice.below(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8));
    }
    return changed;
  },
  function setBytes(bytes, _, dice) {
    const changed = bytes.slice();
    changed[dice.below(changed.length)] = dice.oneIn(2)
      ? dice.below(256)
      : dice.of([0, 0x22, 0x7f, 0x80, 0xff]);
    return changed;
  },
  function cutOff(bytes, _, dice) {
    return bytes.slice(0, dice.below(bytes.length + 1));
  },
  function cutOut(bytes, _, dice) {
    const start = dice.below(bytes.length + 1);
    return joined(bytes.subarray(0, start), bytes.subarray(start + dice.below(16)));
  },
  function insert(bytes, _, dice) {
    const at = dice.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), bytesOf(dice.of(words)), bytes.subarray(at));
  },
  function splice(bytes, other, dice) {
    return joined(
      bytes.subarray(0, dice.below(bytes.length + 1)),
      other.subarray(dice.below(other.length + 1)),
    );
  },
  function repeat(bytes, _, dice) {
    const start = dice.below(bytes.length + 1);
    const block = bytes.subarray(start, start + 1 + dice.below(32));
    const times = dice.oneIn(20) ? 20_000 : dice.below(200);
    return joined(bytes.subarray(0, start), ...Array<Uint8Array>(times).fill(block), bytes.subarray(start));
  },
  function setLength(bytes, _, dice) {
    const changed = bytes.slice();
    if (changed.length < 4) return changed;
    const at = dice.oneIn(2)
      ? 4 * dice.below(Math.min(4, changed.length >> 2))
      : dice.below(changed.length - 3);
    new DataView(changed.buffer).setUint32(at, dice.of(lengths), dice.oneIn(2));
    return changed;
  },
];

type TextMutation = (text: string, other: string, dice: Dice) => string;

const textMutations: readonly TextMutation[] = [
  function insert(text, _, dice) {
    const at = dice.below(text.length + 1);
    return text.slice(0, at) + dice.of(words) + text.slice(at);
  },
  function replaceNumber(text, _, dice) {
    return replaceOne(text, /-?\d+(\.\d+)?(e[+-]?\d+)?/gi, dice);
  },
  function replaceWord(text, _, dice) {
    return replaceOne(text, /[a-z_]\w*/gi, dice);
  },
  function replaceValue(text, _, dice) {
    return replaceOne(text, /"(?:[^"\\]|\\.)*"|\[[^[\]]*\]|true|false|null/g, dice);
  },
  function cutOut(text, _, dice) {
    const start = dice.below(text.length + 1);
    return text.slice(0, start) + text.slice(start + dice.below(16));
  },
  function cutOff(text, _, dice) {
    return text.slice(0, dice.below(text.length + 1));
  },
  function splice(text, other, dice) {
    return text.slice(0, dice.below(text.length + 1)) + other.slice(dice.below(other.length + 1));
  },
  function repeat(text, _, dice) {
    const start = dice.below(text.length + 1);
    const block = text.slice(start, start + 1 + dice.below(dice.oneIn(2) ? 1 : 32));
    const times = dice.oneIn(20) ? 20_000 : dice.below(200);
    return text.slice(0, start) + block.repeat(times) + text.slice(start);
  },
  function nest(text, _, dice) {
    const depth = dice.oneIn(4) ? 50_000 : dice.below(100);
    const [open, close] = dice.of([
      ["[", "]"],
      ['{"a":', "}"],
    ] as const);
    return replaceOne(
      text,
      /"(?:[^"\\]|\\.)*"(?!:)|\d+|\[[^[\]]*\]/g,
      dice,
      `${open.repeat(depth)}1${close.repeat(depth)}`,
    );
  },
];

/** The bytes with up to three changes; `other` are those of another file. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  return times(dice, bytes, (changed) =>
    changed.length === 0 ? changed : dice.of(byteMutations)(changed, other, dice),
  );
}

/** The text with up to three changes; `other` is another one. */
export function mutateText(text: string, other: string, dice: Dice): string {
  return times(dice, text, (changed) => dice.of(textMutations)(changed, other, dice));
}

/** Mostly one change, because many hide each other; sometimes none, so that there is also valid input. */
const changeCounts = [0, 1, 1, 1, 1, 1, 1, 2, 2, 3] as const;

function times<T>(dice: Dice, start: T, change: (value: T) => T): T {
  let value = start;
  for (let count = dice.of(changeCounts); count > 0; count--) value = change(value);
  return value;
}

/** The text with one match of a pattern replaced. */
function replaceOne(text: string, pattern: RegExp, dice: Dice, by: string = dice.of(words)): string {
  const found = [...text.slice(0, 20_000).matchAll(pattern)];
  if (found.length === 0) return text + by;
  const { 0: old, index } = dice.of(found);
  return text.slice(0, index) + by + text.slice(index + old.length);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
