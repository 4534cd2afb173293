import { Command, CommanderError } from "commander";
import { GpuError } from "../gpu/gpu-error.ts";
import { InputError } from "../spec/input-error.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import { denoiseCommand } from "./denoise-command.ts";
import { denoiseIdx } from "./denoise-idx.ts";
import { denoisePictures } from "./denoise-pictures.ts";
import { evaluate } from "./evaluate.ts";
import { evaluateCommand } from "./evaluate-command.ts";
import { exportModel } from "./export.ts";
import { exportCommand } from "./export-command.ts";
import { info } from "./info.ts";
import { interruptedExit } from "./interruption.ts";
import { RunError } from "./run-error.ts";
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
  unsnow denoise --model runs/patches/model.safetensors photos --out clean

"unsnow <command> --help" tells all options of a command.
It ends with 0 when all went well, 1 when something cannot be done, 2 on wrong usage, and 130 after Ctrl-C.`,
  );

trainCommand(program).action(async (options, given) => {
  const { interrupted } = await train(options, given);
  if (interrupted) process.exitCode = interruptedExit;
});

denoiseCommand(program).action({
  pictures: async (inputs, options) => {
    const { failed, interrupted } = await denoisePictures(inputs, options);
    if (failed) process.exitCode = 1;
    if (interrupted) process.exitCode = interruptedExit;
  },
  idx: denoiseIdx,
});

evaluateCommand(program).action(async (options) => {
  const { interrupted } = await evaluate(options);
  if (interrupted) process.exitCode = interruptedExit;
});

exportCommand(program).action(exportModel);

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
  const expected = [InputError, GpuError, DivergenceError, RunError].some((kind) => error instanceof kind);
  console.error(expected && error instanceof Error ? `unsnow: ${error.message}` : error);
  return 1;
}
