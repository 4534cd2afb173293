import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { allTargets } from "./targets.ts";

/** `npm run fuzz` is the mode "fuzz". */
const inputs = import.meta.env.MODE === "fuzz" ? 100_000 : 1500;

/** `UNSNOW_FUZZ_SEED=2 npm run fuzz` makes other inputs. */
const seed = Number(process.env.UNSNOW_FUZZ_SEED ?? 1);

test("damaged, forged and invented inputs are read or refused in one sentence, within the memory limit", {
  timeout: 120_000 + 20 * inputs,
}, async () => {
  const targets = await allTargets();
  const start = performance.now();
  const tallies = await fuzz(targets, inputs, seed);
  const seconds = (performance.now() - start) / 1000;
  for (const { name, inputs, accepted } of tallies)
    console.log(`${name}: ${inputs} inputs, ${accepted} read`);
  console.log(`${inputs} inputs of seed ${seed}, ${(inputs / seconds).toFixed(0)} a second.`);
  // Some inputs are read and some are refused: otherwise the inputs, or the readers, would be useless for this test.
  for (const { name, inputs, accepted } of tallies) {
    expect(accepted, `${name} reads none`).toBeGreaterThan(0);
    expect(accepted, `${name} refuses none`).toBeLessThan(inputs);
  }
});
