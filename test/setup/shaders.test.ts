import { expect, test } from "vitest";
import twoRoads from "./shaders/two_roads.wgsl";

/** Every shader of the product, as it is built. */
const shaders = import.meta.glob<string>("../../shaders/*.wgsl", { eager: true, import: "default" });

/** The names of a shader's functions, in order. */
const functionsOf = (text: string) => [...text.matchAll(/^\s*fn (\w+)/gm)].map((found) => found[1]);

test("a piece that is included twice is inserted once, as lines before the code that uses it", () => {
  expect(functionsOf(twoRoads)).toEqual(["shared_piece", "left", "right", "main"]);
  expect(twoRoads).toContain("\n\nfn left() -> f32 {\n  return shared_piece();\n}\n");
});

test.each(Object.entries(shaders))("%s contains each of its pieces once", (_, text) => {
  expect(text).not.toContain("#include");
  const functions = functionsOf(text);
  expect(functions).toContain("main");
  expect(new Set(functions).size).toBe(functions.length);
});
