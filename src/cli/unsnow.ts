import { Command, CommanderError } from "commander";
import { GpuError } from "../gpu/gpu-error.ts";
import { InputError } from "../spec/input-error.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import { type DenoiseOptions, denoise } from "./denoise.ts";
import { info } from "./info.ts";
import { interruptedExit } from "./interruption.ts";
import { fileName } from "./options.ts";
import { train } from "./train.ts";
import { trainCommand } from "./train-command.ts";
import { packageVersion } from "./version.ts";

// A reader that closes its end early, as `head` does, has all that it wants.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const program = new Command("unsnow")
  .description("Trains image denoisers in WebGPU compute shaders, and uses them.")
  .version(packageVersion())
  .showSuggestionAfterError(false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^(error: )?/, "unsnow: ")) })
  .addHelpText(
    "after",
    `
Examples:
  unsnow train --data mnist --epochs 10 --out runs/first
  unsnow denoise --model runs/first/model.safetensors --data noisy.idx.gz --out clean

"unsnow <command> --help" tells all options of a command.
It ends with 0 when all went well, 1 when something cannot be done, 2 on wrong usage, and 130 after Ctrl-C.`,
  );

trainCommand(program).action(async (options) => {
  const { interrupted } = await train(options);
  if (interrupted) process.exitCode = interruptedExit;
});

program
  .command("denoise")
  .description("Denoises the images of an IDX file with a trained model.")
  .requiredOption("--model <file>", "the model: a safetensors file that train wrote", fileName)
  .requiredOption("--data <file>", "noisy images: an IDX file of bytes, gzipped or not, or mnist", fileName)
  .requiredOption("--out <folder>", "where to write; created if missing", fileName)
  .addHelpText(
    "after",
    `
Writes denoised.idx (bytes, with the dimensions of the input) and denoised.png (the first 100 images, 10 across).

Example:
  unsnow denoise --model runs/first/model.safetensors --data noisy.idx.gz --out clean`,
  )
  .action((options: DenoiseOptions) => denoise(options));

program
  .command("info")
  .description("Tells which adapter computes, whether it is software, and its limits.")
  .action(() => info());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Tells of an error on stderr, one sentence where the person can do something about it; gives the exit code. */
function report(error: unknown): number {
  // Commander has spoken already. It throws for --help and --version too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = [InputError, GpuError, DivergenceError].some((kind) => error instanceof kind);
  console.error(expected && error instanceof Error ? `unsnow: ${error.message}` : error);
  return 1;
}
