import { type Command, Option } from "commander";
import { type WrittenDtypeName, writtenDtypeNames } from "../formats/dtype.ts";
import { addModelOptions, type ModelOptions } from "./model-options.ts";
import { fileName } from "./options.ts";
import { facts } from "./text.ts";

/** The export formats, and what --out is for each. */
const formats = {
  safetensors: "a file for every command and for other programs that read safetensors",
  onnx: "a file for onnxruntime and similar runtimes, with encoder, decoder and a sample beside it",
  keras: "a folder with the model and load_keras.py, which loads it",
  torchrun: "a folder with a PyTorch project that continues the training on any number of machines",
} as const;
export type FormatName = keyof typeof formats;

/** The parsed options of `unsnow export`: exactly one of `model` and `checkpoint` is given. */
export interface ExportOptions extends Partial<ModelOptions> {
  readonly checkpoint?: string;
  readonly format: FormatName;
  readonly dtype?: WrittenDtypeName;
  readonly out: string;
}

/** Adds the command `export` with its options to the program; `action` sets what it does. */
export function exportCommand(program: Command): {
  action(run: (options: ExportOptions) => Promise<void>): void;
} {
  const command = program
    .command("export")
    .description("Exports a model, or a training run in progress, for use in other programs.");
  addModelOptions(command, { optional: true })
    .option(
      "--checkpoint <folder>",
      "instead of --model: the newest checkpoint in a folder that train --checkpoint wrote",
      fileName,
    )
    .optionsGroup("Result:")
    .requiredOption("--out <path>", "the file or folder to write; folders are created if missing", fileName)
    .addOption(
      new Option("--format <name>", "what to write, listed below")
        .choices(Object.keys(formats))
        .default("safetensors"),
    )
    .addOption(
      new Option(
        "--dtype <name>",
        "how a safetensors file stores the weights: F16 takes half the bytes (default: F32)",
      ).choices(writtenDtypeNames),
    )
    .addHelpText("after", notes);
  return {
    action(run) {
      command.action(async (options: ExportOptions) => {
        const fault = conflict(options);
        if (fault !== undefined) command.error(`error: ${fault}`);
        await run(options);
      });
    },
  };
}

/** What is wrong with the options together; undefined if nothing is. */
function conflict({
  model,
  checkpoint,
  image,
  output,
  hidden,
  format,
  dtype,
}: ExportOptions): string | undefined {
  if (model === undefined && checkpoint === undefined)
    return "name what to export with --model or --checkpoint";
  if (model !== undefined && checkpoint !== undefined)
    return "--model and --checkpoint cannot be exported together";
  if (checkpoint !== undefined && [image, output, hidden].some((option) => option !== undefined)) {
    return "--image, --hidden and --output are for --model; a checkpoint describes its network";
  }
  if (dtype !== undefined && format !== "safetensors") return "--dtype is for --format safetensors";
  return undefined;
}

const notes = `
Formats:
${facts(Object.entries(formats)).replaceAll(/^/gm, "  ")}

An ONNX file takes "noisy", float32 [batch, pixels] in [0, 1], and gives "denoised"; F.encoder.onnx gives "code", which F.decoder.onnx
takes. F.sample.safetensors holds a fixed input and its float64 output, for comparison.

A run exported with --checkpoint continues where it was saved. With --model, training starts again from the model's weights with the
default settings, which can be changed in settings.json.

Examples:
  unsnow export --model runs/first/model.safetensors --dtype F16 --out small.safetensors
  unsnow export --model digits --format onnx --out digits.onnx
  unsnow export --model digits --format keras --out digits-keras
  unsnow export --checkpoint runs/first/checkpoint --format torchrun --out first-torch
  unsnow export --model theirs.safetensors --image 32x32x3 --output linear --out ours.safetensors`;
