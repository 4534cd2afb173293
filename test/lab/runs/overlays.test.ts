import { expect, test } from "vitest";
import { alignCurves } from "../../../src/lab/results/curves.ts";
import { overlaysOf, toggled } from "../../../src/lab/runs/state.ts";
import { smallRun } from "./fixtures.ts";

const run = (id: string) => ({ ...smallRun, id });

test("a run keeps its colour and dashes while others are added and removed", () => {
  let shown = ["a", "b", "c"].reduce(toggled, new Map<string, number>());
  expect([...shown]).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ]);
  shown = toggled(shown, "b");
  expect(shown.get("c")).toBe(2);
  expect(toggled(shown, "d").get("d")).toBe(1);
});

test("twenty runs have different colours and dashes", () => {
  const ids = Array.from({ length: 20 }, (_, index) => `run ${index}`);
  const overlays = overlaysOf(ids.map(run), ids.reduce(toggled, new Map<string, number>()), undefined);
  expect(new Set(overlays.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(20);
});

test("neither the page's own run nor a deleted one is an overlay", () => {
  const shown = ["a", "b", "gone"].reduce(toggled, new Map<string, number>());
  expect(overlaysOf([run("a"), run("b")], shown, "b").map((overlay) => overlay.run.id)).toEqual(["a"]);
});

test("curves with different epochs share one axis, and gaps are distinguished from ends", () => {
  expect(
    alignCurves([
      { epochs: [1, 2, 3], values: [0.5, null, 0.3] },
      { epochs: [2, 5], values: [9, 8] },
      { epochs: [], values: [] },
    ]),
  ).toEqual([
    [1, 2, 3, 5],
    [0.5, null, 0.3, undefined],
    [undefined, 9, undefined, 8],
    [undefined, undefined, undefined, undefined],
  ]);
});
