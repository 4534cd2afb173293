import { expect, test } from "vitest";
import { autoencoder, codeOf } from "../../src/spec/network.ts";

test("the code is the narrowest hidden layer, or the middlemost of several", () => {
  const depthOf = (...hidden: number[]) => codeOf(autoencoder([4, 4], hidden))?.depth;
  expect(depthOf(32)).toBe(1);
  expect(depthOf(9, 3, 9)).toBe(2);
  expect(depthOf(9, 9, 9)).toBe(2);
  expect(depthOf(3, 9, 4)).toBe(1);
  expect(depthOf(9, 4, 5, 3)).toBe(4);
});
