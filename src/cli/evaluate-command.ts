import { type Command, Option } from "commander";
import { filterPlaces } from "../filtering/place-of-filters.ts";
import { filterWords } from "../filters/filter.ts";
import { filters } from "../filters/filters.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { defaultTraining } from "../spec/settings.ts";
import { addComputeOptions } from "./compute.ts";
import { type EvaluateOptions, usualTuneCounts } from "./evaluate-options.ts";
import { addModelOptions, strideOption } from "./model-options.ts";
import { fileName, filterNames, noise, number, rangeOption } from "./options.ts";
import { facts } from "./text.ts";
import { conflict } from "./train-options.ts";

/** Adds the command `evaluate` with its options to the program; `action` sets what it does. */
export function evaluateCommand(program: Command): {
  action(run: (options: EvaluateOptions) => Promise<void>): void;
} {
  const command = program
    .command("evaluate")
    .description(
      "Compares a trained model with classical filters on images used neither for training nor for tuning.",
    );
  addModelOptions(command)
    .optionsGroup("What is evaluated:")
    .requiredOption(
      "--data <file>",
      "clean images as for train: an IDX file, mnist, or a folder of pictures; the fifth that train holds out is evaluated, filters are tuned on the rest",
      fileName,
    )
    .option(
      "--val-data <file>",
      "clean images, all of which are evaluated; filters are tuned on --data",
      fileName,
    )
    .option("--noisy <file>", "measured noisy twins of --data; no noise is added then", fileName)
    .option("--val-noisy <file>", "measured noisy twins of --val-data", fileName)
    .option(
      "--noise <noise>",
      `the noise added to clean images, as for train (default: the model's training noise, or ${formatNoise(defaultTraining.noise)} if the file does not say)`,
      noise,
    )
    .option(
      "--seed <number>",
      "seed of the noise: 0 to 4294967295 (default: the seed that the model was trained with, or 0)",
      number,
    )
    .addOption(strideOption())
    .addOption(rangeOption("the model's, or that of the bits"))
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
        "where gaussian, median, bilateral and non-local-means run: gpu is whatever computes, also the CPU engine; cpu is JavaScript threads (default: gpu, but not on a software GPU)",
      ).choices(filterPlaces),
    )
    .optionsGroup("Results:")
    .option("--json <file>", "write the results, with all settings, into this file", fileName)
    .option("--per-image", "with the scores of every image in the JSON file")
    .option("--quiet", "print only the table");
  addComputeOptions(command).addHelpText("after", notes());
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
  return perImage && json === undefined ? "--per-image needs --json, the file for the scores." : undefined;
}

function notes(): string {
  const strengths = Object.entries(filterWords).map(([name, { setting }]) => [name, setting] as const);
  return `
Prints a table with a row for the noisy images, each filter and the network: the means over the images of the PSNR in dB, SSIM, binary
cross-entropy and mean squared error. The strength of a filter, shown beside it, is the one with the best mean PSNR on images that
are not evaluated:
${facts(strengths).replaceAll(/^/gm, "  ")}
"corrected" means that the filter's output is corrected for the noise's bias, the mean change of a brightness.

Example:
  unsnow evaluate --model runs/first/model.safetensors --data mnist --json runs/first/evaluation.json`;
}
