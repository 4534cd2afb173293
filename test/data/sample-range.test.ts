import { describe, expect, test } from "vitest";
import { chooseRanges, parseRange, type SampleFacts, type SampleKind } from "../../src/data/sample-range.ts";

const facts = (kind: SampleKind, low: number, high: number, name = "a.tif"): SampleFacts => ({
  name,
  kind,
  low,
  high,
});

describe("the range of a set", () => {
  test.each([
    [1023, 1023, 10],
    [1024, 4095, 12],
    [4095, 4095, 12],
    [4096, 16_383, 14],
  ])("of 16 bits with no sample above %d is 0..%d", (high, most, bits) => {
    const { of, remark } = chooseRanges([facts("u16", 3, high)], "scans");
    expect(of.get("u16")).toEqual({ low: 0, high: most });
    expect(remark).toBe(`a.tif: no sample above ${most}: read as ${bits} bits; give --range to choose`);
  });

  test("of 16 bits is that of all pictures, and full if one has more", () => {
    const some = [facts("u16", 0, 900), facts("u16", 5, 3000, "b.tif")];
    const { of, remark } = chooseRanges(some, "scans");
    expect(of.get("u16")).toEqual({ low: 0, high: 4095 });
    expect(remark).toContain("scans: no sample above 4095");
    const full = chooseRanges([...some, facts("u16", 0, 16_384)], "scans");
    expect(full).toEqual({ of: new Map([["u16", { low: 0, high: 65_535 }]]), remark: undefined });
  });

  test("of bytes and floats from 0 to 1 is the full one", () => {
    expect(chooseRanges([facts("u8", 3, 9)], "x").of.get("u8")).toEqual({ low: 0, high: 255 });
    expect(chooseRanges([facts("f32", 0, 0.5)], "x").of.get("f32")).toEqual({ low: 0, high: 1 });
  });

  test("is the lowest and the highest sample with auto, or what is given", () => {
    const some = [facts("f32", -3, 7), facts("f32", -1, 9, "b.tif")];
    expect(chooseRanges(some, "x", "auto").of.get("f32")).toEqual({ low: -3, high: 9 });
    expect(chooseRanges(some, "x", { low: 0, high: 2 }).of.get("f32")).toEqual({ low: 0, high: 2 });
    expect(() => chooseRanges([facts("u16", 5, 5)], "x", "auto")).toThrow("All samples of a.tif are 5");
  });

  test("is that of the model where the samples lie in it", () => {
    const trained = { bits: 16, range: { low: 10, high: 5000 } } as const;
    expect(chooseRanges([facts("u16", 10, 900)], "x", undefined, trained).of.get("u16")).toEqual(
      trained.range,
    );
    expect(chooseRanges([facts("u16", 0, 900)], "x", undefined, trained).of.get("u16")).toEqual({
      low: 0,
      high: 1023,
    });
    expect(chooseRanges([facts("u8", 0, 255)], "x", undefined, trained).of.get("u8")).toEqual({
      low: 0,
      high: 255,
    });
  });

  test.each<[SampleFacts[], string]>([
    [
      [facts("i16", -5, 300)],
      "a.tif has signed samples of 16 bits: give the ones that are black and white, as --range -5..300",
    ],
    [[facts("f32", 0, 2)], "a.tif has floats from 0 to 2, which are not all from 0 to 1: give"],
  ])("is needed for %o", (some, message) => {
    expect(() => chooseRanges(some, "x")).toThrow(message);
  });

  test("is not given for samples of two kinds", () => {
    const some = [facts("u8", 0, 1), facts("u16", 0, 1, "b.tif")];
    expect(() => chooseRanges(some, "x", { low: 0, high: 9 })).toThrow(
      "A range is for samples of one kind, but a.tif has 8 bits and b.tif has 16 bits: leave --range out",
    );
  });
});

test.each(["", "1", "5..5", "9..1", "a..b", "1..2..3", "..4", "-Infinity..3"])("%o is no range", (text) => {
  expect(() => parseRange(text)).toThrow(
    "A range is auto or two numbers, the lower one first, such as 0..4095",
  );
});

test("a range is read", () => {
  expect(parseRange("auto")).toBe("auto");
  expect(parseRange("-1.5..2e3")).toEqual({ low: -1.5, high: 2000 });
});
