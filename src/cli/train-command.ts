import { type Command, Option } from "commander";
import { families } from "../kernels/family.ts";
import { formatNoise } from "../spec/noise.ts";
import { defaultTraining, lossNames } from "../spec/training.ts";
import { embeddedDigits } from "./input-files.ts";
import { fileName, noise, number, widths } from "./options.ts";
import { conflict, type TrainOptions } from "./train-options.ts";

/** Adds the command `train` with its options to the program; what it does is given to `action`. */
export function trainCommand(program: Command): {
  action(run: (options: TrainOptions) => Promise<void>): void;
} {
  const { hidden, loss, epochs, batch, optimizer, seed } = defaultTraining;
  const command = program
    .command("train")
    .description("Trains a denoiser on images, and writes the model and how the training went.")
    .optionsGroup("Images (IDX files of bytes, gzipped or not; a pixel is byte / 255):")
    .option(
      "--data <file>",
      "clean images; mnist stands for the 10,000 handwritten digits that come along",
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
      "measured noisy twins of --data, in its order; no noise is added then",
      fileName,
    )
    .option("--val-noisy <file>", "measured noisy twins of --val-data", fileName)
    .optionsGroup("Noise:")
    .option(
      "--noise <noise>",
      `gaussian:FACTOR, x + FACTOR * N(0, 1) clipped to [0, 1], or none (default: ${formatNoise(defaultTraining.noise)}; none with --noisy)`,
      noise,
    )
    .option("--fixed-noise", "draw the training noise once, not anew every epoch")
    .optionsGroup("Network and training:")
    .addOption(
      new Option("--hidden <widths>", "widths of the hidden layers, as 32 or 512,128,512")
        .argParser(widths)
        .default(hidden, hidden.join(",")),
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
    .optionsGroup("Adadelta:")
    .option(
      "--lr <rate>",
      "learning rate; with Keras 3's 0.001 the model barely learns in 100 epochs",
      number,
      optimizer.lr,
    )
    .option("--rho <share>", "what the running means keep at each step", number, optimizer.rho)
    .option("--epsilon <number>", "keeps the step finite where gradients vanish", number, optimizer.epsilon)
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
        await run(options);
      });
    },
  };
}

const notes = `
Writes into --out:
  model.safetensors  the network and its weights
  history.json       settings, adapter, and for every epoch the losses, the validation PSNR in dB and the seconds
  history.csv        the same epochs as a table
  loss.svg           the loss curves
  samples.png        ten validation images: noisy, denoised, clean
  profile.json       GPU time by kernel, with --profile
Files of those names are replaced at the end of the training, each whole or not at all.
Ctrl-C ends the training early and writes the results so far; once more, and it ends at once.

Examples:
  unsnow train
  unsnow train --data mnist --hidden 512,128,512 --noise gaussian:0.3 --epochs 20 --out runs/deep
  unsnow train --data clean.idx.gz --noisy noisy.idx.gz --loss mse --seed 7`;
