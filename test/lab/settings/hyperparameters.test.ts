import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hiddenOf,
  hyperparametersOf,
  isWidth,
  layerCounts,
  narrowestOf,
} from "../../../src/lab/settings/draft-parts.ts";

describe("the hyperparameters", () => {
  test.each([
    ["32", { code: "32", layers: "1", nodes: undefined }],
    ["512, 128, 512", { code: "128", layers: "3", nodes: "512" }],
    ["512 128;512", { code: "128", layers: "3", nodes: "512" }],
    ["64,128,64", { code: "128", layers: "3", nodes: "64" }],
    ["9, 9, 2, 9, 9", { code: "2", layers: "5", nodes: "9" }],
    ["9, 9, 9, 2, 9, 9, 9", { code: "2", layers: "7", nodes: "9" }],
    ["512, , 512", { code: "", layers: "3", nodes: "512" }],
    ["", { code: "", layers: "1", nodes: undefined }],
  ] as const)("of %j are recognized", (hidden, shape) => {
    expect(hyperparametersOf(hidden)).toEqual(shape);
  });

  test.each(["512, 128", "512, 128, 256", "512, 256, 128, 256, 512", "1, 1, 1, 1, 1, 1, 1, 1, 1"])(
    "of %j are undefined, because these widths have another form",
    (hidden) => {
      expect(hyperparametersOf(hidden)).toBeUndefined();
    },
  );

  const words = fc.oneof(
    fc.integer({ min: 1, max: 65_536 }).map(String),
    fc.string().map((text) => text.replace(/[,;\s]/g, "")),
  );

  test("are restored from the widths they make, also with partly typed numbers", () => {
    fc.assert(
      fc.property(words, fc.constantFrom(...layerCounts), words, (code, layers, nodes) => {
        const shape = { code, layers, nodes: layers === "1" ? undefined : nodes };
        expect(hyperparametersOf(hiddenOf(shape))).toEqual(shape);
      }),
    );
  });

  test("make a symmetric list for any text typed as a width", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...layerCounts), fc.string(), (code, layers, nodes) => {
        const widths = hiddenOf({ code, layers, nodes }).split(", ");
        expect(widths).toHaveLength(Number(layers));
        expect(widths.toReversed()).toEqual(widths);
      }),
    );
  });

  test("have separators removed from each width", () => {
    expect(hiddenOf({ code: "1,024", layers: "3", nodes: "2 048" })).toBe("2048, 1024, 2048");
  });

  test("include a check of one width, and the narrowest width", () => {
    expect(["1", "65536", " 7 "].every(isWidth)).toBe(true);
    expect(["", "0", "65537", "1.5", "-3", "x", "NaN", "Infinity"].some(isWidth)).toBe(false);
    expect(narrowestOf("512, 9, x, 100")).toBe("9");
    expect(narrowestOf("x")).toBeUndefined();
  });
});
