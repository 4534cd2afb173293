import { type Command, Option } from "commander";
import { families } from "../kernels/family.ts";
import { maxNoiseStages } from "../spec/noise.ts";
import { noiseTable } from "../spec/noise-kinds.ts";
import { optimizerNames, optimizerSettingNames, optimizerSettings, optimizers } from "../spec/optimizer.ts";
import { patchSettings } from "../spec/patch.ts";
import { mapTable, type SettingGroup } from "../spec/setting-kinds.ts";
import { settings } from "../spec/settings.ts";
import { addComputeOptions } from "./compute.ts";
import { embeddedDigits } from "./input-files.ts";
import {
  fileName,
  number,
  rangeOption,
  settingOption,
  settingOptionWithDefault,
  usualRange,
} from "./options.ts";
import { facts } from "./text.ts";
import { conflict, type TrainOptions } from "./train-options.ts";

/**
 * Adds the command `train` with its options to the program; `action` sets what it does, which gets the names of the options on the
 * command line. The options of the run's settings come from the tables of settings in src/spec.
 */
export function trainCommand(program: Command): {
  action(run: (options: TrainOptions, given: readonly string[]) => Promise<void>): void;
} {
  const command = program
    .command("train")
    .description("Trains a denoiser on images, and writes the model, the training history and samples.");
  command
    .optionsGroup(
      "Images (IDX files of bytes, gzipped or not, or folders of pictures: PNG, JPEG, WebP, TIFF, AVIF):",
    )
    .option(
      "--data <file>",
      "clean images, or a folder of pictures and sub-folders; mnist stands for the 10,000 handwritten digits that are included",
      fileName,
      embeddedDigits,
    )
    .option("--labels <file>", "labels of --data; samples.png then shows one image of each", fileName)
    .option(
      "--val-data <file>",
      "clean images to validate on; without it the same fifth of --data is always held out",
      fileName,
    )
    .option(
      "--noisy <file>",
      "measured noisy twins of --data, in the same order, or pictures of the same paths; no noise is added then",
      fileName,
    )
    .option("--val-noisy <file>", "measured noisy twins of --val-data", fileName);
  addAll(command, [...settingOptions("images"), ...patchOptions()]);
  command.option("--colour", "train on the colours of the pictures instead of their grey");
  command.addOption(rangeOption(usualRange));
  command.optionsGroup("Noise:");
  addAll(command, settingOptions("noise"));
  command.optionsGroup("Network and training:");
  addAll(command, settingOptions("network"));
  command.option(
    "--init <file>",
    "start from the weights of this model (safetensors) instead of random ones",
    fileName,
  );
  command.optionsGroup("Optimizer:");
  addAll(command, [...settingOptions("optimizer"), ...optimizerOptions()]);
  command
    .optionsGroup("Interrupted runs:")
    .option(
      "--checkpoint <folder>",
      "save the run there while it trains, so that it can be resumed after an interruption",
      fileName,
    )
    .option("--every <epochs>", "epochs between checkpoints (default: 1)", number)
    .option(
      "--resume <folder>",
      "resume the run saved there, with its settings; only --out, --every, --epochs, --quiet, --profile, --backend, --threads and the paths of its images may be given too",
      fileName,
    )
    .optionsGroup("Results:")
    .option(
      "--out <folder>",
      "where to write; created if missing (default: a new folder runs/<UTC time>)",
      fileName,
    )
    .option("--log-steps", "keep the loss of every step in history.json")
    .option("--quiet", "print nothing but errors")
    .addOption(
      new Option(
        "--kernels <way>",
        "how to compute matrix products, instead of the way measured to be fastest",
      ).choices(families),
    )
    .option("--profile", "measure the time of each kernel, which slows training down");
  addComputeOptions(command).addHelpText("after", notes);
  return {
    action(run) {
      command.action(async (options: TrainOptions) => {
        const fault = conflict(options);
        if (fault !== undefined) command.error(fault);
        const names = Object.keys(options);
        await run(
          options,
          names.filter((name) => command.getOptionValueSource(name) === "cli"),
        );
      });
    },
  };
}

function addAll(command: Command, options: readonly Option[]): void {
  for (const option of options) command.addOption(option);
}

/** The options of the settings in a group. The noise has no default here, because it depends on whether there are noisy twins. */
function settingOptions(group: SettingGroup): Option[] {
  return mapTable(settings, (key, setting) => {
    if (setting.group !== group) return [];
    return key === "noise" ? settingOption(setting) : settingOptionWithDefault(setting);
  }).flat();
}

/** The options of patches. They have no defaults here, because --patch turns patches on. */
function patchOptions(): Option[] {
  const { side, count, validation, flips } = patchSettings;
  const withDefault = [count, validation].map((setting) =>
    settingOption(setting, `${setting.help} (default: ${setting.format(setting.default)})`),
  );
  return [settingOption(side), ...withDefault, settingOption(flips)];
}

/** The options of the optimizers' settings: one per name, with help for each optimizer that has it. */
function optimizerOptions(): Option[] {
  const all = optimizerNames.flatMap((name) =>
    optimizerSettings(name).map(([key, setting]) => ({ key, setting, title: optimizers[name].title })),
  );
  return optimizerSettingNames.flatMap((name) => {
    const found = all.filter(({ key }) => key === name);
    const helps = found.map(
      ({ title, setting }) => `${title}: ${setting.help} (default: ${setting.format(setting.default)})`,
    );
    return found.slice(0, 1).map(({ setting }) => settingOption(setting, helps.join("; ")));
  });
}

const notes = `
Noises. Up to ${maxNoiseStages} can be joined by "+": each is applied to the result of the one before, and the last result is clipped to [0, 1]:
${facts(noiseTable()).replaceAll(/^/gm, "  ")}
A number may be a range, as gaussian:0.1..0.6: every image draws its own from it, uniformly, or with a density in proportion to a power
of the number, as gaussian:0.1..0.6^-2, which draws weak noise more often. With "+unclipped" at the end nothing is clipped.

Writes into --out:
  model.safetensors  the network and its weights
  history.json       settings, adapter, and for every epoch the losses, the validation PSNR in dB and the seconds
  history.csv        the same epochs as a table
  loss.svg           the loss curves
  samples.png        ten validation images: noisy, denoised, clean
  profile.json       time by kernel, with --profile
Files of those names are replaced at the end of training, each completely or not at all.
Ctrl-C stops training early and writes the results so far; a second Ctrl-C stops at once. With --checkpoint the run can be resumed later,
with the same bits as without the interruption:

  unsnow train --epochs 500 --checkpoint runs/long/checkpoint --out runs/long
  unsnow train --resume runs/long/checkpoint

Examples:
  unsnow train
  unsnow train --data mnist --hidden 512,128,512 --noise gaussian:0.3 --epochs 20 --out runs/deep
  unsnow train --noise blur:1+poisson-gaussian:30:0.02 --epochs 20
  unsnow train --data clean.idx.gz --noisy noisy.idx.gz --loss mse --seed 7`;
