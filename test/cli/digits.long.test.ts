// Evaluates the shipped digits network on all held-out digits, as docs/results.md does.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { buildProgram } from "./build-program.ts";
import { useFolder } from "./program.ts";
import { startUnsnow } from "./real-program.ts";

beforeAll(buildProgram, 300_000);
const folder = useFolder();

test("the shipped digits network has the scores in docs/results.md", async () => {
  const json = folder("digits.json");
  const { code } = await startUnsnow([
    ...["evaluate", "--model", "digits", "--data", "mnist", "--filters", "none", "--json", json],
  ]);
  expect(code).toBe(0);
  const { results } = JSON.parse(readFileSync(json, "utf8")) as {
    results: { name: string; psnr: number }[];
  };
  // The figure of the training run is in docs/results.md.
  expect(results.find(({ name }) => name === "network")?.psnr).toBeCloseTo(20.66, 2);
});
