import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dice } from "./dice.ts";
import { examine } from "./examine.ts";
import type { Target } from "./target.ts";

/** The results for the inputs of one reader. */
export interface Tally {
  readonly name: string;
  inputs: number;
  accepted: number;
}

/** Makes every target read its share of `count` inputs from `seed`; throws an Error that says how to repeat the first failure. */
export async function fuzz(targets: readonly Target[], count: number, seed: number): Promise<Tally[]> {
  const tallies = targets.map(({ name }): Tally => ({ name, inputs: 0, accepted: 0 }));
  for (let number = 0; number < count; number++) {
    const [target, tally] = [targets[number % targets.length], tallies[number % targets.length]];
    if (!target || !tally) continue;
    const input = target.make(new Dice(seed, number));
    const { accepted, fault } = await examine(target, input);
    if (fault !== undefined) {
      const file = join(mkdtempSync(join(tmpdir(), "unsnow-fuzz-")), "input");
      writeFileSync(file, input);
      throw new Error(`Input ${number} of seed ${seed}, for ${target.name}, kept in ${file}: ${fault}`);
    }
    tally.inputs += 1;
    tally.accepted += Number(accepted);
  }
  return tallies;
}
