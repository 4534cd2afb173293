import { type Command, Option } from "commander";
import { type WrittenDtypeName, writtenDtypeNames } from "../formats/dtype.ts";
import { fileName } from "./options.ts";

/** The formats that a model is exported to. */
const formatNames = ["safetensors"] as const;

/** What commander makes of the options. */
export interface ExportOptions {
  readonly model: string;
  readonly format: (typeof formatNames)[number];
  readonly dtype: WrittenDtypeName;
  readonly out: string;
}

/** Adds the command `export` with its options to the program; what it does is given to `action`. */
export function exportCommand(program: Command): Command {
  return program
    .command("export")
    .description("Writes a model into a file for elsewhere.")
    .requiredOption(
      "--model <file>",
      "the model: a safetensors file that train wrote, or digits or photo, which come along",
      fileName,
    )
    .requiredOption("--out <file>", "the file to write; its folder is created if missing", fileName)
    .addOption(new Option("--format <name>", "the file's format").choices(formatNames).default("safetensors"))
    .addOption(
      new Option("--dtype <name>", "how the weights are stored: F16 takes half the bytes")
        .choices(writtenDtypeNames)
        .default("F32"),
    )
    .addHelpText(
      "after",
      `
Examples:
  unsnow export --model runs/first/model.safetensors --dtype F16 --out small.safetensors`,
    );
}
