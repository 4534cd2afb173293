import { type Command, Option } from "commander";
import { filterPlaces } from "../filtering/place-of-filters.ts";
import { filters } from "../filters/filters.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { defaultTraining } from "../spec/training.ts";
import { type EvaluateOptions, usualTuneCounts } from "./evaluate-options.ts";
import { addModelOptions, strideOption } from "./model-options.ts";
import { fileName, filterNames, noise, number } from "./options.ts";
import { facts } from "./text.ts";
import { conflict } from "./train-options.ts";

/** Adds the command `evaluate` with its options to the program; what it does is given to `action`. */
export function evaluateCommand(program: Command): {
  action(run: (options: EvaluateOptions) => Promise<void>): void;
} {
  const command = program
    .command("evaluate")
    .description("Holds a trained model against classical filters, on images that neither has seen.");
  addModelOptions(command)
    .optionsGroup("What is evaluated:")
    .requiredOption(
      "--data <file>",
      "clean images as for train: an IDX file, mnist, or a folder of pictures; the fifth that train holds out is evaluated, filters are tuned on the rest",
      fileName,
    )
    .option(
      "--val-data <file>",
      "clean images of which all are evaluated; filters are tuned on --data",
      fileName,
    )
    .option("--noisy <file>", "measured noisy twins of --data; no noise is added then", fileName)
    .option("--val-noisy <file>", "measured noisy twins of --val-data", fileName)
    .option(
      "--noise <noise>",
      `what is done to a clean image, as for train (default: what the model was trained on, or ${formatNoise(defaultTraining.noise)} if it does not tell)`,
      noise,
    )
    .option(
      "--seed <number>",
      "starts the noise: 0 to 4294967295 (default: the seed that the model was trained with, or 0)",
      number,
    )
    .addOption(strideOption())
    .optionsGroup("Filters:")
    .addOption(
      new Option("--filters <names>", "none, or which ones, as gaussian,median")
        .argParser(filterNames)
        .default(
          Object.values(filters).map(({ name }) => name),
          "all",
        ),
    )
    .option(
      "--tune-count <images>",
      `how many images each filter is tuned on (default: ${usualTuneCounts.images}, or the middles of ${usualTuneCounts.pictures} pictures of a folder)`,
      number,
    )
    .addOption(
      new Option(
        "--filters-on <device>",
        "where gaussian, median, bilateral and non-local-means run (default: gpu unless it is software)",
      ).choices(filterPlaces),
    )
    .optionsGroup("Results:")
    .option("--json <file>", "write the results, with all settings, into this file", fileName)
    .option("--per-image", "with the scores of every image in the JSON file")
    .option("--quiet", "print the table alone")
    .addHelpText("after", notes());
  return {
    action(run) {
      command.action(async (options: EvaluateOptions) => {
        const fault = conflict(options) ?? perImageFault(options);
        if (fault !== undefined) command.error(fault);
        await run(options);
      });
    },
  };
}

function perImageFault({ json, perImage }: EvaluateOptions): string | undefined {
  return perImage && json === undefined ? "--per-image needs --json, the file that they go to." : undefined;
}

function notes(): string {
  const strengths = Object.values(filters).map(({ name, setting }) => [name, setting] as const);
  return `
Prints a table of what is noisy, of every filter and of the network: the means over the images of the PSNR in dB, SSIM, binary
cross-entropy and mean squared error. A filter's strength, told beside it, is the one with the best mean PSNR on images that are
not evaluated:
${facts(strengths).replaceAll(/^/gm, "  ")}
"corrected" tells whether its output goes through the inverse of what the noise does to a brightness on average.

Example:
  unsnow evaluate --model runs/first/model.safetensors --data mnist --json runs/first/evaluation.json`;
}
