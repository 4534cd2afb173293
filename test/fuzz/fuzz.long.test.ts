// Reads 20,000 damaged and forged inputs of another seed than the short test: `npm run fuzz` reads 100,000.
import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { allTargets } from "./targets.ts";

test("damaged, forged and invented inputs are read or refused in one sentence, within the memory limit", async () => {
  const tallies = await fuzz(await allTargets(), 20_000, 2);
  expect(tallies.filter(({ inputs, accepted }) => accepted === 0 || accepted === inputs)).toEqual([]);
});
