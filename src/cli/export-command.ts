import { type Command, Option } from "commander";
import { type WrittenDtypeName, writtenDtypeNames } from "../formats/dtype.ts";
import { addModelOptions, type ModelOptions } from "./model-options.ts";
import { fileName } from "./options.ts";
import { facts } from "./text.ts";

/** The formats that a model is exported to, and what --out then is. */
const formats = {
  safetensors: "a file that every command reads, and whatever else reads safetensors",
  onnx: "a file for onnxruntime and its like, with encoder, decoder and a sample beside it",
  keras: "a folder: the model, and load_keras.py, which builds it",
  torchrun: "a folder: a PyTorch project that goes on with the training, on any number of machines",
} as const;
export type FormatName = keyof typeof formats;

/** The options of `unsnow export`, read: exactly one of `model` and `checkpoint` is given. */
export interface ExportOptions extends Partial<ModelOptions> {
  readonly checkpoint?: string;
  readonly format: FormatName;
  readonly dtype?: WrittenDtypeName;
  readonly out: string;
}

/** Adds the command `export` with its options to the program; what it does is given to `action`. */
export function exportCommand(program: Command): {
  action(run: (options: ExportOptions) => Promise<void>): void;
} {
  const command = program
    .command("export")
    .description("Writes a model, or a training that is under way, into a file or a folder for elsewhere.");
  addModelOptions(command, { optional: true })
    .option(
      "--checkpoint <folder>",
      "instead of --model: the newest checkpoint in a folder that train --checkpoint wrote",
      fileName,
    )
    .optionsGroup("Result:")
    .requiredOption("--out <path>", "the file or folder to write; folders are created if missing", fileName)
    .addOption(
      new Option("--format <name>", "what to write, told below")
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
function conflict({ model, checkpoint, image, output, format, dtype }: ExportOptions): string | undefined {
  if (model === undefined && checkpoint === undefined)
    return "name what to export with --model or --checkpoint";
  if (model !== undefined && checkpoint !== undefined)
    return "--model and --checkpoint cannot be exported together";
  if (checkpoint !== undefined && (image !== undefined || output !== undefined)) {
    return "--image and --output are for --model; a checkpoint tells its network";
  }
  if (dtype !== undefined && format !== "safetensors") return "--dtype is for --format safetensors";
  return undefined;
}

const notes = `
Formats:
${facts(Object.entries(formats)).replaceAll(/^/gm, "  ")}

An ONNX file takes "noisy", float32 [batch, pixels] in [0, 1], and gives "denoised"; F.encoder.onnx gives "code", which F.decoder.onnx
takes. F.sample.safetensors holds a fixed input and what float64 makes of it, to compare with.

A training that is exported by --checkpoint goes on where it stood. By --model it starts anew from the model's weights, with the
standard settings, which stand in settings.json to be changed.

Examples:
  unsnow export --model runs/first/model.safetensors --dtype F16 --out small.safetensors
  unsnow export --model digits --format onnx --out digits.onnx
  unsnow export --model digits --format keras --out digits-keras
  unsnow export --checkpoint runs/first/checkpoint --format torchrun --out first-torch
  unsnow export --model theirs.safetensors --image 32x32x3 --output linear --out ours.safetensors`;
