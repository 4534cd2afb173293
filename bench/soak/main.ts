import { Command, InvalidArgumentError } from "commander";
import { soakInNode } from "./in-node.ts";
import { soakInPage } from "./in-page.ts";

interface Options {
  readonly epochs: number;
  readonly page: boolean;
}

/** Trains for a long time and checks that nothing grows; returns the program's exit status, 1 if something grew. */
export async function soak(args: readonly string[]): Promise<number> {
  const { epochs, page } = new Command("npm run soak --")
    .description("Trains on 1,000 digits for many epochs, twice, and watches memory, speed and bits.")
    .option("--epochs <number>", "of each run", readEpochs, 2000)
    .option("--page", "in the built page instead of Node", false)
    .parse(args, { from: "user" })
    .opts<Options>();
  const faults = page ? await soakInPage(epochs) : await soakInNode(epochs);
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? "Nothing grew." : `${faults.length} of the checks failed.`);
  return faults.length === 0 ? 0 : 1;
}

function readEpochs(text: string): number {
  const epochs = Number(text);
  if (!Number.isInteger(epochs) || epochs < 20)
    throw new InvalidArgumentError("It must be a whole number of at least 20.");
  return epochs;
}
