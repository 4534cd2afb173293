import { type Command, Option } from "commander";
import { type HiddenLayer, type OutputName, outputNames } from "../spec/layer-specs.ts";
import { fileName, hiddenLayersOption, imageSize, number } from "./options.ts";

/** The model of a command, and the parts of its network that the file may not describe. */
export interface ModelOptions {
  readonly model: string;
  readonly image?: readonly number[];
  readonly output?: OutputName;
  readonly hidden?: readonly HiddenLayer[];
}

/** Adds --model, required unless `optional`, and the options for a model file that does not describe its network. */
export function addModelOptions(command: Command, { optional = false } = {}): Command {
  return command
    .optionsGroup("Model:")
    .addOption(
      new Option(
        "--model <file>",
        "the model: a safetensors file written by train or with a PyTorch network's weights; or digits, photo or photo-colour, which are included",
      )
        .argParser(fileName)
        .makeOptionMandatory(!optional),
    )
    .option(
      "--image <size>",
      "image size, as 28x28 or 32x32x3 in colour, if the model file does not say (default: a grey square)",
      imageSize,
    )
    .option(
      "--hidden <layers>",
      "hidden layers, as conv:16/2,up:16, if the model file does not say (default: those of the weights' shapes)",
      hiddenLayersOption,
    )
    .addOption(
      new Option(
        "--output <name>",
        "output of the last layer, if the model file does not say (default: sigmoid)",
      ).choices(outputNames),
    );
}

/** The stride between windows. */
export function strideOption(): Option {
  return new Option(
    "--stride <pixels>",
    "pixels between the overlapping windows in which the model denoises pictures: fewer take longer and leave fewer seams (default: a quarter of the window)",
  ).argParser(number);
}
