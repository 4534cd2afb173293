import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileStem, longestName, tidyName, uniqueName } from "../../../src/lab/runs/run-record.ts";
import { madeUpName } from "../../../src/lab/runs/run-settings.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { defaultAdam } from "../../../src/spec/optimizer.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";
import { anyText } from "../../support/any-text.ts";
import { smallRun } from "./fixtures.ts";

const images = { ...smallRun.images, rows: 28, columns: 28 };

test("a generated name contains the network and the settings that differ from the default run", () => {
  expect(madeUpName({ images, spec: defaultTraining })).toBe("784-32-784");
  expect(madeUpName({ images, spec: { ...defaultTraining, batch: 256, epochs: 3 } })).toBe(
    "784-32-784, 3 epochs, batch 256",
  );
  const spec = {
    ...defaultTraining,
    hidden: denseLayers(512, 128, 512),
    optimizer: defaultAdam,
    seed: 7,
    shuffle: false,
  };
  expect(madeUpName({ images, spec })).toBe("784-512-128-512-784, shuffle off, adam, seed 7");
});

test("a name that is in use gets the next free number", () => {
  expect(uniqueName("a", [])).toBe("a");
  expect(uniqueName("a", ["a", "a (2)", "a (4)"])).toBe("a (3)");
  const long = "x".repeat(longestName);
  expect(uniqueName(long, [long])).toBe(`${"x".repeat(longestName - 4)} (2)`);
});

test("any text becomes a name of one line, and tidying that name again changes nothing", () => {
  fc.assert(
    fc.property(anyText(300), (text) => {
      const name = tidyName(text);
      expect([...name].length).toBeLessThanOrEqual(longestName);
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^\s|\s$/u);
      expect(tidyName(name)).toBe(name);
    }),
  );
});

describe("a run's files have names that are valid on every system", () => {
  test.each([
    ["784-32-784, adam", "784-32-784, adam"],
    ['a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"],
    ["../../etc/passwd", "etc-passwd"],
    ["CON", "run CON"],
    ["nul.txt", "run nul.txt"],
    ["console", "console"],
    ["größer", "größer"],
    ["...", "run"],
    ["🙂", "run"],
    ["x".repeat(500), "x".repeat(50)],
  ])("%s", (name, stem) => {
    expect(fileStem(name)).toBe(stem);
  });

  test("any name", () => {
    fc.assert(
      fc.property(anyText(100), (name) => {
        const stem = fileStem(name);
        expect(stem).toMatch(/^[^\s.\-/\\:*?"<>|\p{C}][^/\\:*?"<>|\p{C}]*$/u);
        expect(stem).not.toMatch(/[\s.]$/);
        expect(new TextEncoder().encode(`${stem}-model.safetensors`).length).toBeLessThanOrEqual(255);
      }),
    );
  });
});
