import { expect, test } from "vitest";
import { codeUnits, deadSentence, deadUnits } from "../../../src/lab/inside/codes.ts";

test("a unit is active on images where it is above 0, and dead if it never is", () => {
  // Four images, three units.
  const units = codeUnits(Float32Array.of(0, 1, 0, 0, 2, 0, 0, 0, 0, 4, 5, 0), 3);
  expect([...units.active]).toEqual([0.25, 0.75, 0]);
  expect([...units.mean]).toEqual([1, 2, 0]);
  expect([...units.most]).toEqual([4, 5, 0]);
  expect(deadUnits(units)).toBe(1);
  expect(deadSentence(units, 4)).toBe("1 of 3 units is dead: never above 0 on 4 images.");
});

test("dead units are reported in one sentence", () => {
  const sentence = (...values: number[]) =>
    deadSentence(codeUnits(Float32Array.from(values), values.length), 1000);
  expect(sentence(0, 0, 3)).toBe("2 of 3 units are dead: never above 0 on 1,000 images.");
  expect(sentence(1, 1)).toBe("No unit is dead. Each of the 2 units is above 0 on some of 1,000 images.");
  expect(sentence(0)).toBe("1 of 1 unit is dead: never above 0 on 1,000 images.");
  expect(sentence(1)).toBe("No unit is dead. The only unit is above 0 on some of 1,000 images.");
});
