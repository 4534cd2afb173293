import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeIdx, parseIdx } from "../../src/data/idx.ts";
import { InputError } from "../../src/spec/input-error.ts";

/** The header of the MNIST training images, by hand: 60000 x 28 x 28. */
const mnistHeader = [0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28];

const arrays = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 })
  .chain((dimensions) => {
    const length = dimensions.reduce((a, b) => a * b, 1);
    return fc.tuple(fc.constant(dimensions), fc.uint8Array({ minLength: length, maxLength: length }));
  });

describe("parseIdx", () => {
  test("reads known bytes", () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255);
    const { dimensions, data } = parseIdx(bytes, "a.idx");
    expect(dimensions).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  test("reads the MNIST header, and copies nothing", () => {
    const bytes = new Uint8Array(16 + 60_000 * 784);
    bytes.set(mnistHeader);
    const { dimensions, data } = parseIdx(bytes, "train");
    expect(dimensions).toEqual([60_000, 28, 28]);
    expect(data.buffer).toBe(bytes.buffer);
    expect([data.byteOffset, data.length]).toEqual([16, 60_000 * 784]);
  });

  test("reads a view that does not start at its buffer's first byte", () => {
    const bytes = Uint8Array.of(9, 9, 9, 0, 0, 8, 1, 0, 0, 0, 2, 5, 6).subarray(3);
    expect([...parseIdx(bytes, "a").data]).toEqual([5, 6]);
  });

  test.each([
    [[], "is not an IDX file"],
    [[0, 0, 8], "is not an IDX file"],
    [[1, 0, 8, 1, 0, 0, 0, 0], "is not an IDX file"],
    [[0, 0, 0x09, 1, 0, 0, 0, 1, 1], "is an IDX file of signed bytes, but"],
    [[0, 0, 0x0b, 1, 0, 0, 0, 1, 1, 1], "is an IDX file of 16-bit integers, but"],
    [[0, 0, 0x0c, 1, 0, 0, 0, 0], "is an IDX file of 32-bit integers, but"],
    [[0, 0, 0x0d, 1, 0, 0, 0, 0], "is an IDX file of 32-bit floats, but"],
    [[0, 0, 0x0e, 1, 0, 0, 0, 0], "is an IDX file of 64-bit floats, but"],
    [[0, 0, 0x07, 1, 0, 0, 0, 0], "is an IDX file of elements of the unknown type 0x07, but"],
    [[0, 0, 8, 0], "is an IDX file without dimensions"],
    [[0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0], "an IDX header of 2 dimensions has 12 bytes, but the file has 11."],
    [[0, 0, 8, 1, 0, 0, 0, 3, 1, 2], "dimensions [3] need 3 bytes of data, but there are 2."],
    [[0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4], "has bytes left over: its IDX dimensions [3] need 3 bytes"],
    [[0, 0, 8, 1, 0, 0, 0, 0, 1], "has bytes left over"],
  ])("refuses %j", (bytes, sentence) => {
    const parse = () => parseIdx(Uint8Array.from(bytes), "odd.idx");
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(/^odd\.idx [^\n]*\.$/);
    expect(parse).toThrow(sentence);
  });

  test("refuses dimensions whose product overflows 32 or 64 bits", () => {
    // 65536^2 is 0 in 32 bits, 65536^4 is 0 in 64 bits, and (2^32 - 1)^255 is beyond float64.
    const [big, none] = [
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ];
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 2, ...big, ...big), "a")).toThrow("need 4294967296 bytes");
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 4, ...big, ...big, ...big, ...big), "a")).toThrow(
      "truncated",
    );
    const many = Array.from({ length: 255 * 4 }, () => 0xff);
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 255, ...many), "a")).toThrow(InputError);
    // With a zero among them the product is exactly 0.
    const withZero = Uint8Array.of(0, 0, 8, 255, ...many.slice(4), ...none);
    expect(parseIdx(withZero, "a").data.length).toBe(0);
  });

  test("throws only InputErrors, and returns no bytes that the file does not have", () => {
    const start = fc.constantFrom([], [0, 0], [0, 0, 8], [0, 0, 8, 1], [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0]);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 40 }), (head, tail) => {
        const bytes = Uint8Array.from([...head, ...tail]);
        try {
          const { dimensions, data } = parseIdx(bytes, "a");
          expect(data.length).toBe(dimensions.reduce((a, b) => a * b, 1));
          expect(data.length).toBe(bytes.length - 4 - 4 * dimensions.length);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("encodeIdx", () => {
  test("writes the MNIST header", () => {
    expect([...encodeIdx([60_000, 28, 28], new Uint8Array(60_000 * 784)).subarray(0, 16)]).toEqual(
      mnistHeader,
    );
  });

  test("is read back, and no truncation of it is", () => {
    fc.assert(
      fc.property(arrays, fc.nat(), ([dimensions, data], cut) => {
        const bytes = encodeIdx(dimensions, data);
        expect(parseIdx(bytes, "a")).toEqual({ dimensions, data });
        expect(() => parseIdx(bytes.subarray(0, cut % bytes.length), "a")).toThrow(InputError);
      }),
    );
  });

  test("refuses what the format cannot hold", () => {
    expect(() => encodeIdx([], new Uint8Array(1))).toThrow(RangeError);
    expect(() => encodeIdx([2, 2], new Uint8Array(3))).toThrow(RangeError);
    expect(() => encodeIdx([1.5], new Uint8Array(1))).toThrow(RangeError);
    expect(() =>
      encodeIdx(
        Array.from({ length: 256 }, () => 1),
        new Uint8Array(1),
      ),
    ).toThrow(RangeError);
  });
});
