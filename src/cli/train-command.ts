import { type Command, Option } from "commander";
import { families } from "../kernels/family.ts";
import { formatLayers, outputNames } from "../spec/layers.ts";
import { maxNoiseStages } from "../spec/noise.ts";
import { noiseTable } from "../spec/noise-kinds.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { adadeltaPresets, defaultAdam, optimizerNames } from "../spec/optimizer.ts";
import { defaultPatches } from "../spec/patch.ts";
import { formatSchedule, scheduleForms } from "../spec/schedule.ts";
import { defaultTraining, initializationNames, lossNames, trainingLimits } from "../spec/training.ts";
import { embeddedDigits } from "./input-files.ts";
import { fileName, layers, noise, number, schedule } from "./options.ts";
import { facts } from "./text.ts";
import { conflict, type TrainOptions } from "./train-options.ts";

/**
 * Adds the command `train` with its options to the program; what it does is given to `action`, and told the names of the options
 * that were given.
 */
export function trainCommand(program: Command): {
  action(run: (options: TrainOptions, given: readonly string[]) => Promise<void>): void;
} {
  const { hidden, output, initialization, loss, epochs, batch, optimizer, seed } = defaultTraining;
  const command = program
    .command("train")
    .description("Trains a denoiser on images, and writes the model and how the training went.")
    .optionsGroup(
      "Images (IDX files of bytes, gzipped or not, or folders of pictures; a pixel is byte / 255):",
    )
    .option(
      "--data <file>",
      "clean images, or a folder of pictures; mnist stands for the 10,000 handwritten digits that come along",
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
      "measured noisy twins of --data, in its order, of pictures by their names; no noise is added then",
      fileName,
    )
    .option("--val-noisy <file>", "measured noisy twins of --val-data", fileName)
    .option(
      "--noise2noise",
      "--data is as noisy as --noisy: each picture of a pair is now the input, now what it should become",
    )
    .option(
      "--patch <pixels>",
      "train on random patches of this side, cut out of a folder of pictures of any sizes",
      number,
    )
    .option("--patches <count>", `patches an epoch (default: ${defaultPatches.count})`, number)
    .option("--val-patches <count>", `patches to validate on (default: ${defaultPatches.validation})`, number)
    .option("--no-flips", "leave the patches as they lie, instead of turning and flipping them")
    .option("--colour", "train on the colours of the pictures instead of their grey")
    .optionsGroup("Noise:")
    .option(
      "--noise <noise>",
      `what is done to a clean image, in the forms told below (default: ${formatNoise(defaultTraining.noise)}; none with --noisy)`,
      noise,
    )
    .option(
      "--shift <pixels>",
      `move each training image by up to so many pixels, up or down and to a side: 0 to ${trainingLimits.shift}`,
      number,
      defaultTraining.shift,
    )
    .option("--fixed-noise", "draw the training noise and the shifts once, not anew every epoch")
    .optionsGroup("Network and training:")
    .addOption(
      new Option("--hidden <layers>", "nodes of the hidden layers, as 32 or 512,128,512")
        .argParser(layers)
        .default(hidden, formatLayers(hidden)),
    )
    .addOption(
      new Option(
        "--output <name>",
        "what the last layer gives: a sigmoid, the picture as it is, or the noise to be taken away",
      )
        .choices(outputNames)
        .default(output),
    )
    .addOption(
      new Option(
        "--initialization <name>",
        "how the weights are drawn to start with; he and torch suit deep networks, identity little noise",
      )
        .choices(initializationNames)
        .default(initialization),
    )
    .option(
      "--centre",
      "let the first layer see each value less 0.5, which deep networks on patches learn better from",
    )
    .addOption(
      new Option("--loss <name>", "binary cross-entropy or mean squared error")
        .choices(lossNames)
        .default(loss),
    )
    .option("--epochs <count>", "passes through the training images", number, epochs)
    .option("--batch <images>", "images a step; the last step of an epoch may have fewer", number, batch)
    .option("--no-shuffle", "take the images in the file's order, not in a new one each epoch")
    .option("--seed <number>", "starts the weights, the order and the noise: 0 to 4294967295", number, seed)
    .option(
      "--init <file>",
      "start from the weights of this model (safetensors) instead of random ones",
      fileName,
    )
    .optionsGroup("Optimizer:")
    .addOption(
      new Option("--optimizer <name>", "how the weights follow the gradient")
        .choices(optimizerNames)
        .default(optimizer.name),
    )
    .option(
      "--lr <rate>",
      `learning rate (default: ${optimizer.lr} for Adadelta, which barely learns with Keras 3's 0.001; ${defaultAdam.lr} for Adam)`,
      number,
    )
    .addOption(
      new Option("--schedule <form>", `what becomes of the learning rate: ${scheduleForms}`)
        .argParser(schedule)
        .default(defaultTraining.schedule, formatSchedule(defaultTraining.schedule)),
    )
    .option(
      "--rho <share>",
      `Adadelta: what the running means keep at each step (default: ${adadeltaPresets.keras2.rho})`,
      number,
    )
    .option(
      "--beta1 <share>",
      `Adam: what the running mean of the gradient keeps (default: ${defaultAdam.beta1})`,
      number,
    )
    .option(
      "--beta2 <share>",
      `Adam: what that of the squared gradient keeps (default: ${defaultAdam.beta2})`,
      number,
    )
    .option(
      "--epsilon <number>",
      `keeps the step finite where gradients vanish (default: ${optimizer.epsilon}; ${defaultAdam.epsilon} for Adam)`,
      number,
    )
    .optionsGroup("Interrupted runs:")
    .option(
      "--checkpoint <folder>",
      "save the run there while it trains, so that it can go on after whatever ends it",
      fileName,
    )
    .option("--every <epochs>", "epochs from one checkpoint to the next (default: 1)", number)
    .option(
      "--resume <folder>",
      "go on with the run saved there, with its settings; besides only --out, --every, --epochs, --quiet, --profile and where the images lie now may be given",
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
        "how to compute products, instead of the way that proves fastest",
      ).choices(families),
    )
    .option("--profile", "measure the GPU time of each kernel, which slows the training down")
    .addHelpText("after", notes);
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

const notes = `
Noises, which are joined by "+", up to ${maxNoiseStages}, each on what the one before it gives, and the last clipped to [0, 1]:
${facts(noiseTable()).replaceAll(/^/gm, "  ")}
A setting may be a range from which every image draws its own, as gaussian:0.1..0.6, evenly, or in proportion to a power
of the number, as gaussian:0.1..0.6^-2, which draws weak noise more often; with "+unclipped" at the end nothing is clipped.

Writes into --out:
  model.safetensors  the network and its weights
  history.json       settings, adapter, and for every epoch the losses, the validation PSNR in dB and the seconds
  history.csv        the same epochs as a table
  loss.svg           the loss curves
  samples.png        ten validation images: noisy, denoised, clean
  profile.json       GPU time by kernel, with --profile
Files of those names are replaced at the end of the training, each whole or not at all.
Ctrl-C ends the training early and writes the results so far; once more, and it ends at once. With --checkpoint it can go on later, to the
same bits as if it had never stopped:

  unsnow train --epochs 500 --checkpoint runs/long/checkpoint --out runs/long
  unsnow train --resume runs/long/checkpoint

Examples:
  unsnow train
  unsnow train --data mnist --hidden 512,128,512 --noise gaussian:0.3 --epochs 20 --out runs/deep
  unsnow train --noise blur:1+poisson-gaussian:30:0.02 --epochs 20
  unsnow train --data clean.idx.gz --noisy noisy.idx.gz --loss mse --seed 7`;
