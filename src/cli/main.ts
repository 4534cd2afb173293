import { Command, CommanderError } from "commander";
import { DeviceError } from "../device/device-error.ts";
import { InputError } from "../spec/input-error.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import { addComputeOptions, type ComputeOptions } from "./compute.ts";
import { denoiseCommand } from "./denoise-command.ts";
import { denoiseIdx } from "./denoise-idx.ts";
import { denoisePictures } from "./denoise-pictures.ts";
import { evaluate } from "./evaluate.ts";
import { evaluateCommand } from "./evaluate-command.ts";
import { exportModel } from "./export.ts";
import { exportCommand } from "./export-command.ts";
import { info } from "./info.ts";
import { interruptedExit } from "./interruption.ts";
import type { Io, OutputStream } from "./io.ts";
import { takenByNpm } from "./npm-options.ts";
import { RunError } from "./run-error.ts";
import { train } from "./train.ts";
import { trainCommand } from "./train-command.ts";
import { packageVersion } from "./version.ts";

/** Runs the program with the arguments `args`; returns the exit code. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const program = describe(io);

  trainCommand(program).action(async (options, given) => {
    const { interrupted } = await train(io, options, given);
    if (interrupted) code = interruptedExit;
  });

  denoiseCommand(program).action({
    pictures: async (inputs, options) => {
      const { failed, interrupted } = await denoisePictures(io, inputs, options);
      if (failed) code = 1;
      if (interrupted) code = interruptedExit;
    },
    idx: (options) => denoiseIdx(io, options),
  });

  evaluateCommand(program).action(async (options) => {
    const { interrupted } = await evaluate(io, options);
    if (interrupted) code = interruptedExit;
  });

  exportCommand(program).action((options) => exportModel(io, options));

  const infoCommand = program
    .command("info")
    .description("Shows the GPU and the CPU, which of them computes by default, and how fast each is.");
  addComputeOptions(infoCommand).action((options: ComputeOptions) => info(io, options));

  const taken = takenByNpm(program, args, io.env);
  if (taken !== undefined) io.console.error(taken);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return report(io, error);
  }
}

/** The program without its commands. */
function describe({ stdout, stderr }: Io): Command {
  const widthOf = (stream: OutputStream) => (stream.isTTY ? stream.columns : undefined) ?? 80;
  return new Command("unsnow")
    .description(
      "Trains image denoisers, and denoises with them: on the GPU in WebGPU compute shaders, or on the CPU in WebAssembly.",
    )
    .version(packageVersion())
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
      outputError: (text, write) => write(text.replace(/^(error: )?/, "unsnow: ")),
    })
    .addHelpText(
      "after",
      `
Examples:
  unsnow train --data mnist --epochs 10 --out runs/first
  unsnow denoise --model runs/first/model.safetensors --data noisy.idx.gz --out clean
  unsnow denoise --model runs/patches/model.safetensors photos --out clean

"unsnow <command> --help" lists all options of a command.
The exit code is 0 on success, 1 when something cannot be done, 2 on wrong usage, and 130 after Ctrl-C.`,
    );
}

/** Reports an error on stderr, in one sentence if the user can act on it; returns the exit code. */
function report(io: Io, error: unknown): number {
  // Commander has already printed the error. It also throws for --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = [InputError, DeviceError, DivergenceError, RunError].some((kind) => error instanceof kind);
  io.console.error(expected && error instanceof Error ? `unsnow: ${error.message}` : error);
  return 1;
}
