import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeSafetensors,
  maxHeaderBytes,
  parseSafetensors,
  type Tensor,
} from "../../src/formats/safetensors.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { anyText } from "../support/any-text.ts";
import { refusalOf } from "./refusal.ts";

/** A file with exactly this header, and this many zero bytes of data. */
function fileOf(header: string | Uint8Array, dataBytes = 0): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

/** A header of one tensor "a", with some fields replaced. */
function header(fields: object = {}): string {
  return JSON.stringify({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields } });
}

function refusal(bytes: Uint8Array): string {
  return refusalOf(() => parseSafetensors(bytes, "odd.safetensors"), "odd.safetensors");
}

const names = fc.oneof(
  anyText(8).filter((key) => key !== "__metadata__"),
  fc.constantFrom("__proto__", "constructor", "10", "9", "toString"),
);
/** Not empty, because the order of two tensors without bytes is undefined. */
const tensor = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return fc.record({
    shape: fc.constant(shape),
    values: fc
      .float32Array({ minLength: length, maxLength: length })
      .map((values) => new Float32Array(values)),
  });
});
const tensorMaps = fc
  .uniqueArray(fc.tuple(names, tensor), { selector: ([key]) => key, maxLength: 6 })
  .map((entries) => new Map<string, Tensor>(entries));
const metadataMaps = fc.array(fc.tuple(names, fc.string())).map((entries) => new Map(entries));

describe("encodeSafetensors", () => {
  test("writes known bytes", () => {
    const bytes = encodeSafetensors(new Map([["w", { shape: [1, 2], values: Float32Array.of(1, -2) }]]));
    const json = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    expect(json.length).toBe(56);
    expect([...bytes.subarray(0, 8)]).toEqual([56, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(8, 64))).toBe(json);
    expect([...bytes.subarray(64)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("pads the header with spaces, so that the data is aligned", () => {
    for (let length = 1; length <= 8; length++) {
      const bytes = encodeSafetensors(
        new Map([["x".repeat(length), { shape: [], values: Float32Array.of(1) }]]),
      );
      const text = new TextDecoder().decode(bytes.subarray(8, -4));
      expect(bytes[0]).toBe(text.length);
      expect(text.length % 8).toBe(0);
      expect(text).toMatch(/^\{.*\} {0,7}$/);
    }
  });

  test("refuses what the format cannot hold", () => {
    const one = { shape: [1], values: Float32Array.of(1) };
    expect(() => encodeSafetensors(new Map([["__metadata__", one]]))).toThrow(RangeError);
    expect(() => encodeSafetensors(new Map([["a", { ...one, shape: [2] }]]))).toThrow(RangeError);
    expect(() => encodeSafetensors(new Map([["a".repeat(maxHeaderBytes), one]]))).toThrow(RangeError);
  });

  test("is read again bit for bit, in order, with any names", () => {
    fc.assert(
      fc.property(tensorMaps, metadataMaps, (tensors, metadata) => {
        const read = parseSafetensors(encodeSafetensors(tensors, metadata), "a");
        expect([...read.tensors.keys()]).toEqual([...tensors.keys()]);
        for (const [key, { shape, values }] of tensors) {
          expect(read.tensors.get(key)?.shape).toEqual(shape);
          expect(bits(read.tensors.get(key)?.values)).toEqual(bits(values));
        }
        expect(new Map([...read.metadata].sort())).toEqual(new Map([...metadata].sort()));
      }),
    );
  });
});

function bits(values: Float32Array<ArrayBuffer> | undefined): Uint32Array {
  return new Uint32Array(values?.buffer ?? new ArrayBuffer(0));
}

describe("parseSafetensors", () => {
  test("reads tensors in any order of the header, with spaces anywhere and unknown fields", () => {
    const text = `{ "b" : {"shape":[],"data_offsets":[8, 12],"dtype":"F32","more":{"shape":1}},
      "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}, "none":{"dtype":"F32","shape":[3,0],"data_offsets":[8,8]}}\n  `;
    const bytes = fileOf(text, 12);
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, 1.5, true);
    const { tensors, metadata } = parseSafetensors(bytes, "a");
    expect([...tensors.keys()]).toEqual(["a", "none", "b"]);
    expect(tensors.get("a")).toEqual({ shape: [2], values: new Float32Array(2) });
    expect(tensors.get("b")).toEqual({ shape: [], values: Float32Array.of(1.5) });
    expect(metadata.size).toBe(0);
  });

  test("reads a file without tensors", () => {
    expect(parseSafetensors(fileOf("{}"), "a").tensors.size).toBe(0);
  });

  test("copies: the values are at the start of their buffers, and do not change with the file", () => {
    // A Buffer is a view of a pool, at any offset, and its `slice` does not copy.
    const pooled = Buffer.from(fileOf(`${header()} `, 8));
    const values = parseSafetensors(pooled, "a").tensors.get("a")?.values;
    pooled.fill(255);
    expect(values).toEqual(new Float32Array(2));
    expect(values?.buffer.byteLength).toBe(8);
  });

  test.each([
    ["too short for a length", new Uint8Array(7), "has 7 bytes"],
    [
      "a header beyond the file",
      fileOf("{}").subarray(0, 9),
      "is truncated: its header has 2 bytes, but only 1",
    ],
    [
      "a header beyond the limit",
      Uint8Array.of(0x41, 0x42, 0x0f, 0, 0, 0, 0, 0),
      "at most 1000000 are allowed",
    ],
    [
      "a 64-bit header length",
      Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0x80, 0x7b, 0x7d),
      "would have 9223372036854775810",
    ],
    ["an empty header", fileOf(""), 'does not start with "{"'],
    ["an array", fileOf("[]"), 'does not start with "{"'],
    ["a byte order mark", fileOf("\uFEFF{}"), 'does not start with "{"'],
    ["invalid JSON", fileOf("{a}"), "is not valid JSON"],
    ["two values", fileOf("{}{}"), "is not valid JSON"],
    ["invalid UTF-8", fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), "is not valid UTF-8"],
    [
      "a tensor that is not an object",
      fileOf('{"a":[1]}'),
      'tensor "a" of odd.safetensors must be described',
    ],
    ["a null tensor", fileOf('{"a":null}'), "must be described by an object, not by null"],
    [
      "another dtype",
      fileOf(header({ dtype: "F64" }), 8),
      'has the dtype "F64", but only F32, F16, BF16 are read',
    ],
    ["no dtype", fileOf(header({ dtype: undefined }), 8), "has the dtype undefined"],
    ["no shape", fileOf(header({ shape: undefined }), 8), "whole numbers from 0, but it is undefined"],
    ["a negative dimension", fileOf(header({ shape: [-1, -2] }), 8), "but it is [-1,-2]"],
    ["a fractional dimension", fileOf(header({ shape: [0.5, 4] }), 8), "but it is [0.5,4]"],
    ["a dimension in quotes", fileOf(header({ shape: ["2"] }), 8), 'but it is ["2"]'],
    ["a huge dimension", fileOf(header({ shape: [2 ** 60] }), 8), "whole numbers from 0"],
    ["one offset", fileOf(header({ data_offsets: [8] }), 8), "must have data_offsets [begin, end]"],
    ["three offsets", fileOf(header({ data_offsets: [0, 8, 8] }), 8), "must have data_offsets [begin, end]"],
    ["offsets that go backwards", fileOf(header({ data_offsets: [8, 0] }), 8), "but they are [8,0]"],
    ["negative offsets", fileOf(header({ data_offsets: [-8, 0] }), 8), "but they are [-8,0]"],
    ["a shape that is too large", fileOf(header({ shape: [3] }), 8), "has 8 bytes, which is not what"],
    [
      "a shape overflowing 32 bits",
      fileOf(header({ shape: [2 ** 16, 2 ** 14, 2 ** 16, 2] }), 8),
      "has 8 bytes",
    ],
    ["a shape overflowing 64 bits", fileOf(header({ shape: [2 ** 32, 2 ** 32, 2] }), 8), "has 8 bytes"],
    ["a shape beyond float64", fileOf(header({ shape: Array(40).fill(2 ** 50) }), 8), "has 8 bytes"],
    ["data beyond the file", fileOf(header(), 7), "is truncated: its tensors have 8 bytes, but 7 follow"],
    ["bytes left over", fileOf(header(), 9), "has bytes left over: its tensors have 8 bytes, but 9 follow"],
    [
      "a hole at the start",
      fileOf(header({ data_offsets: [4, 12] }), 12),
      "leaves a gap before it: it begins at 4",
    ],
    [
      "an overlap",
      fileOf(
        `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
        8,
      ),
      'The tensor "b" of odd.safetensors overlaps the one before it: it begins at 4, not at 8.',
    ],
    [
      "two tensors of the same bytes",
      fileOf(
        `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`,
        8,
      ),
      "overlaps",
    ],
    [
      "a hole",
      fileOf(
        `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`,
        12,
      ),
      'The tensor "b" of odd.safetensors leaves a gap before it: it begins at 8, not at 4.',
    ],
    [
      "metadata that is not an object",
      fileOf('{"__metadata__":"x"}'),
      'must be an object of strings, but it is "x"',
    ],
    ["metadata that is null", fileOf('{"__metadata__":null}'), "must be an object of strings"],
    [
      "metadata of numbers",
      fileOf('{"__metadata__":{"a":1}}'),
      'must be an object of strings, but it is {"a":1}',
    ],
    ["a key twice", fileOf('{"a":1,"b":2,"a":3}'), 'has the key "a" twice'],
    ["a key twice, once escaped", fileOf('{"a":1,"\\u0061":3}'), 'has the key "a" twice'],
    [
      "an inner key twice",
      fileOf('{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}', 8),
      "twice",
    ],
    ["__proto__ twice", fileOf('{"__proto__":1,"__proto__":3}'), 'has the key "__proto__" twice'],
  ])("refuses %s", (_, bytes, sentence) => {
    expect(refusal(bytes)).toContain(sentence);
  });

  test("does not confuse text in strings with keys, or inner keys with outer ones", () => {
    const metadata = { a: '","a":1,"a":2', b: "}{", "c\\": "a", d: "\\" };
    const header = { __metadata__: metadata, a: { dtype: "F32", shape: [], data_offsets: [0, 4] } };
    const text = JSON.stringify(header);
    expect(text).toContain(String.raw`{"a":"\",\"a\":1,\"a\":2","b":"}{","c\\":"a","d":"\\"}`);
    expect(parseSafetensors(fileOf(text, 4), "a").metadata).toEqual(new Map(Object.entries(metadata)));
    expect(refusal(fileOf(text.replace('"d"', '"b"'), 4))).toContain('has the key "b" twice');
  });

  test("treats __proto__ as a normal name", () => {
    const text = `{"__metadata__":{"__proto__":"x"},"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`;
    const { tensors, metadata } = parseSafetensors(fileOf(text, 4), "a");
    expect(tensors.get("__proto__")).toEqual({ shape: [], values: Float32Array.of(0) });
    expect(metadata.get("__proto__")).toBe("x");
    expect(Object.hasOwn(Object.prototype, "dtype")).toBe(false);
    // The fields of a tensor are not taken from a prototype in the file.
    expect(
      refusal(fileOf(`{"a":{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}}`, 4)),
    ).toContain("dtype");
  });

  test("reads or refuses the largest header, with any contents", () => {
    const fill = (start: string, unit: string, end: string) =>
      fileOf(start + unit.repeat((maxHeaderBytes - start.length - end.length) / unit.length) + end);
    expect(refusal(fill("{", "[", "}"))).toContain("is not valid JSON");
    expect(refusal(fill('{"a":{"dtype":"F32","shape":[1', ",9", '],"data_offsets":[0,0]}}'))).toContain(
      "has 0 bytes",
    );
    expect(refusal(fill('{"', "a", '":1}'))).toMatch(/^.{1,300}$/);
    const quotes = parseSafetensors(fill('{"__metadata__":{"a":"', "\\\\", '"}}'), "a").metadata.get("a");
    expect(quotes).toMatch(/^\\{499900,500000}$/);
  });

  test("throws only InputErrors, and allocates no more than the file's size, for damaged files", () => {
    const file = encodeSafetensors(
      new Map([
        ["w", { shape: [2, 3], values: new Float32Array(6) }],
        ["b", { shape: [2], values: new Float32Array(2) }],
      ]),
      new Map([["format", "pt"]]),
    );
    const change = fc.record({
      at: fc.oneof(fc.nat(file.length - 1), fc.nat(7)),
      to: fc.oneof(fc.nat(255), fc.constantFrom(...new TextEncoder().encode('0123456789{}[]",:-.e\\ '))),
    });
    let read = 0;
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.nat(file.length), (changes, cut) => {
        const damaged = new Uint8Array(file);
        for (const { at, to } of changes) damaged[at] = to;
        const cutDamaged = cut % 4 === 0 ? damaged.subarray(0, cut) : damaged;
        try {
          const { tensors } = parseSafetensors(cutDamaged, "a");
          const held = [...tensors.values()].reduce(
            (bytes, { values }) => bytes + values.buffer.byteLength,
            0,
          );
          expect(held).toBeLessThan(cutDamaged.length);
          read++;
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 5000 },
    );
    expect(read).toBeGreaterThan(0);
  });
});
